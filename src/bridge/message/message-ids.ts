/** Message-ID, In-Reply-To, References (RFC 5322 section 3.6.4) and List-Id (RFC 2919): names for programs. */
import type { ByteString } from './byte-string.ts';
import { type Charsets, decodeUnlabelled } from './charsets.ts';
import { cleanText } from './clean-text.ts';

/** The longest Message-ID of the protocol's rows. A longer one is dropped: cut, it would name another message. */
export const MAX_MESSAGE_ID = 1000;
/** Long threads name every ancestor; the first and the nearest ones are enough to find a message's place. */
export const MAX_REFERENCES = 100;
/** RFC 2919 section 2: a list's name has at most 255 characters. */
const MAX_LIST_ID = 255;

const IN_BRACKETS = /<[^<>]+>/g;

/** The ids of a field in their order, with their brackets; phrases and comments between them are passed over. */
export function readMessageIds(value: ByteString, charsets: Charsets): string[] {
  const all = value.match(IN_BRACKETS) ?? [];
  const kept = all.length <= MAX_REFERENCES ? all : [...all.slice(0, 1), ...all.slice(1 - MAX_REFERENCES)];
  return kept.map((id) => readId(id.slice(1, -1), charsets)).filter((id) => id !== '');
}

/** The one id of a field, or ''. An id without brackets gets them. */
export function readMessageId(value: ByteString, charsets: Charsets): string {
  const bare = value.trim();
  const content = /^[^<>\s]+$/.test(bare) ? bare : (/<([^<>]+)>/.exec(value)?.[1] ?? '');
  return readId(content, charsets);
}

/** The list's identifier without brackets, in lower case since it is compared so; '' where there is none. */
export function readListId(value: ByteString, charsets: Charsets): string {
  const content = value.match(IN_BRACKETS)?.at(-1)?.slice(1, -1) ?? value;
  return cleanText(decodeUnlabelled(content, charsets), MAX_LIST_ID).toLowerCase().slice(0, MAX_LIST_ID);
}

/** White space inside an id comes from lines folded where they must not be. */
function readId(content: ByteString, charsets: Charsets): string {
  const text = content.replace(/\s+/g, '');
  if (text.length > MAX_MESSAGE_ID) return '';
  const id = cleanText(decodeUnlabelled(text, charsets), MAX_MESSAGE_ID).replaceAll(' ', '');
  return id === '' || id.length > MAX_MESSAGE_ID - 2 ? '' : `<${id}>`;
}
