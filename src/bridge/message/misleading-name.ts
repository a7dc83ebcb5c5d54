/** Names that claim to be somebody else. The name is the sender's to choose; nothing on the way checks it. */
import { displayDomain } from './domain-name.ts';
import { mixesLookalikes } from './scripts.ts';

/** What a reader takes for a domain in a name: these endings and the two-letter ones of countries. */
const KNOWN_ENDINGS = new Set(
  (
    'com net org info biz edu gov mil int eu app dev shop store online site cloud bank email mail tech xyz club live ' +
    'news pro name mobi asia post museum travel jobs support help group team world agency services company'
  ).split(' '),
);

/** Two labels or more, as in an address or a link. */
const DOMAINS = /[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]*(?:\.[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]*)+/gu;

/**
 * True when a cleaned name looks like another address or domain than the real one, or mixes scripts within a word.
 * `address` is '' where the message gives none; then any address or domain in the name is another one.
 */
export function isMisleading(name: string, address: string): boolean {
  if (name === '') return false;
  if (mixesLookalikes(name)) return true;
  // Compatibility forms: full-width letters, `＠`, `․` and the like look and read the same.
  const plain = name
    .normalize('NFKC')
    .replace(/[。．｡]/g, '.')
    .toLowerCase();
  const real = address.toLowerCase();
  const at = real.lastIndexOf('@');
  if (plain.includes('@')) return real === '' || plain.replace(/^[\s"'<(]+|[\s"'>)]+$/g, '') !== real;
  const local = real.slice(0, Math.max(at, 0));
  const domain = real.slice(at + 1);
  return (plain.match(DOMAINS) ?? []).some(
    (text) => text !== local && isDomain(text) && !isRelated(displayDomain(text), domain),
  );
}

function isDomain(text: string): boolean {
  const labels = text.split('.');
  const ending = labels.at(-1) ?? '';
  // `e.V.`, `J.R.`: initials are no domain.
  if ((labels.at(-2) ?? '').length < 2) return false;
  return KNOWN_ENDINGS.has(ending) || /^(?:[a-z]{2}|xn--[a-z0-9-]+)$/.test(ending);
}

/** The same domain, or one of the two within the other. */
function isRelated(claimed: string, real: string): boolean {
  return claimed === real || real.endsWith(`.${claimed}`) || claimed.endsWith(`.${real}`);
}
