/** `i18n.getMessage` as browsers do it, over the English file. */
import en from '../../public/_locales/en/messages.json' with { type: 'json' };

interface Entry {
  message: string;
  placeholders?: Record<string, { content: string }>;
}

/** '' for a key that is not there, as in browsers. */
export function getMessage(key: string, substitutions: string | string[] = []): string {
  const entry = (en as Record<string, Entry>)[key];
  if (!entry) return '';
  const values = typeof substitutions === 'string' ? [substitutions] : substitutions;
  return entry.message.replace(/\$([A-Z_]+)\$/g, (_whole, name: string) => {
    const content = entry.placeholders?.[name.toLowerCase()]?.content;
    if (!content) throw new Error(`${key}: $${name}$ has no placeholder`);
    return values[Number(content.slice(1)) - 1] ?? '';
  });
}
