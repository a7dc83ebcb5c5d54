/** `local@domain` (RFC 5322 section 3.4.1, RFC 6532 for letters beyond ASCII), made safe to show. */
import type { ByteString } from './byte-string.ts';
import { type Charsets, decodeUnlabelled } from './charsets.ts';
import { displayDomain } from './domain-name.ts';

/** The longest address of the protocol's rows; RFC 5321 section 4.5.3.1 allows 320. */
export const MAX_ADDRESS = 400;

/** One part in quotes, with its escapes. */
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;
const ATOM = /^[^\s"(),:;<>@[\]\\]+$/;
const DOMAIN = /^(?:\[[A-Za-z0-9.:_-]+\]|[^\s!-,/:-@[-^`{-~.]+(?:\.[^\s!-,/:-@[-^`{-~.]+)*)$/;

/** Characters that are not seen or that act on others. Dropping them would turn the address into somebody else's. */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2028\u2029]|(?! )\p{Z}/gu;

export interface AddrSpec {
  /** At most 400 characters. */
  address: string;
  /** Reads like an address that it is not. */
  misleading: boolean;
}

/**
 * Reads one address; white space outside quotes is single spaces already. Encoded words in it are not decoded
 * (RFC 2047 section 5 forbids them here). Null when it has no readable `local@domain`.
 */
export function readAddrSpec(raw: ByteString, charsets: Charsets): AddrSpec | null {
  if (raw.length > 2 * MAX_ADDRESS) return null;
  const bare = raw.startsWith('@') ? raw.slice(raw.indexOf(':') + 1) : raw;
  const at = bare.lastIndexOf('@');
  if (at < 1) return null;
  const local = readLocal(decodeUnlabelled(tighten(bare.slice(0, at)), charsets));
  const domain = visible(decodeUnlabelled(tighten(bare.slice(at + 1)), charsets)).replace(/\.$/, '');
  if (local === null || !DOMAIN.test(domain)) return null;
  const shown = displayDomain(domain);
  const address = `${local}@${shown}`;
  if (address.length > MAX_ADDRESS) return null;
  return { address, misleading: /@|=\?|\ufffd/.test(local) || /\ufffd|(?:^|\.)xn--/i.test(shown) };
}

function readLocal(text: string): string | null {
  const quoted = QUOTED.exec(text);
  const local = visible(quoted ? (quoted[1] ?? '') : text);
  if (!quoted) return ATOM.test(local) ? local : null;
  const content = local.replace(/\\(.)/gs, '$1');
  return ATOM.test(content) ? content : `"${local}"`;
}

function visible(text: string): string {
  return text.replace(INVISIBLE, '\ufffd').normalize('NFC');
}

/** White space around dots is allowed by obsolete syntax and means nothing. */
function tighten(text: ByteString): ByteString {
  return text.startsWith('"') ? text.trim() : text.trim().replace(/ ?\. ?/g, '.');
}
