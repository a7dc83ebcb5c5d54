/** Domain names with letters beyond ASCII: shown as their letters only where these cannot be taken for others. */
import { decodePunycode, encodePunycode } from './punycode.ts';
import { isOneScript, looksLatin } from './scripts.ts';

/** Top-level domains of the scripts whose letters look Latin: there, they are at home. */
const CYRILLIC_OR_GREEK_TLD = /^[\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Armenian}]+$/u;

/** More than a label can hold; such a label is not worth encoding (RFC 1034 section 3.1). */
const MAX_LABEL = 63;

/**
 * The domain as it may be shown: a label of one script as letters, any other as `xn--` (RFC 5890 section 2.3.2.1).
 * What is ASCII already stays as written, and so does a label with U+FFFD, which stands for what cannot be shown.
 */
export function displayDomain(domain: string): string {
  if (/^[\x21-\x7e]*$/.test(domain) && !/(?:^|\.)xn--/i.test(domain)) return domain;
  const labels = domain.split('.').map(letters);
  const atHome = CYRILLIC_OR_GREEK_TLD.test(labels.at(-1) ?? '');
  return labels
    .map((label) => (isAscii(label) || label.includes('\ufffd') || isReadable(label, atHome) ? label : toAscii(label)))
    .join('.');
}

/** The letters of a label; one that is not canonical punycode, or hides plain ASCII, stays as it is. */
function letters(label: string): string {
  if (!/^xn--/i.test(label)) return isAscii(label) ? label : label.normalize('NFC').toLowerCase();
  const ascii = label.toLowerCase();
  const decoded = decodePunycode(ascii.slice(4));
  return decoded !== null && !isAscii(decoded) && toAscii(decoded) === ascii ? decoded : label;
}

function isReadable(label: string, atHome: boolean): boolean {
  const canonical = label.normalize('NFKC').toLowerCase() === label;
  return canonical && isOneScript(label) && (atHome || !looksLatin(label));
}

function toAscii(label: string): string {
  return label.length > MAX_LABEL ? label.replace(/[^\x21-\x7e]/gu, '\ufffd') : `xn--${encodePunycode(label)}`;
}

function isAscii(label: string): boolean {
  return /^[\x21-\x7e]*$/.test(label);
}
