import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import en from '../public/_locales/en/messages.json' with { type: 'json' };
import { ERROR_CODES } from '../src/model.ts';
import { errorText, plural, t } from '../src/text.ts';

vi.mock('webextension-polyfill', async () => {
  const { getMessage } = await import('./support/messages.ts');
  return { default: { i18n: { getMessage, getUILanguage: () => 'en-GB' } } };
});

interface Entry {
  message: string;
  placeholders?: Record<string, { content: string }>;
}

const read = (locale: string): Record<string, Entry> =>
  JSON.parse(readFileSync(`public/_locales/${locale}/messages.json`, 'utf8'));

test.each([...ERROR_CODES])('%s has a sentence and an advice', (code) => {
  const { sentence, advice } = errorText(code);
  expect(sentence).toMatch(/^\p{Lu}.+\.$/u);
  expect(advice).toMatch(/^\p{Lu}.+\.$/u);
});

test('a number takes its plural form and is written the reader’s way', () => {
  expect(plural('more_troubles', 1)).toBe('1 more account needs a look');
  expect(plural('more_troubles', 2)).toBe('2 more accounts need a look');
  expect(plural('unread', 12345)).toBe('12,345 unread');
});

test('substitutions are put in as they are, dollars included', () => {
  expect(t('remove_title', '$1 $NAME$')).toBe('Remove $1 $NAME$?');
});

describe.each(readdirSync('public/_locales'))('the words in %s', (locale) => {
  const words = read(locale);

  test('are all there, with the placeholders of the English ones', () => {
    const shape = (file: Record<string, Entry>) =>
      Object.fromEntries(
        Object.entries(file).map(([key, entry]) => [key, Object.keys(entry.placeholders ?? {}).sort()]),
      );
    expect(shape(words)).toEqual(shape(en));
  });

  test('name each placeholder that they use, and use each that they name', () => {
    for (const [key, entry] of Object.entries(words)) {
      const used = [...entry.message.matchAll(/\$([A-Z_]+)\$/g)].map((match) => match[1]?.toLowerCase());
      expect([...new Set(used)].sort(), key).toEqual(Object.keys(entry.placeholders ?? {}).sort());
    }
  });

  test('are all used', () => {
    const sources = ['src', 'manifest.json']
      .flatMap(filesUnder)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const unused = Object.keys(words).filter((key) => !isUsed(key, sources));
    expect(unused).toEqual([]);
  });
});

function filesUnder(path: string): string[] {
  if (!path.startsWith('src')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}

function isUsed(key: string, sources: string): boolean {
  if (/^(error|advice)_/.test(key))
    return ERROR_CODES.includes(key.replace(/^(error|advice)_/, '').replaceAll('_', '-') as never);
  return (
    sources.includes(`'${key.replace(/_(one|other)$/, '')}'`) ||
    sources.includes(`'${key}'`) ||
    sources.includes(`__MSG_${key}__`)
  );
}
