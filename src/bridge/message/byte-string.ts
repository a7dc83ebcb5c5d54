/** Bytes as a string: raw header text is cut and searched as a string long before its charset is known. */

/** Each character is one byte, U+0000 to U+00FF. Never shown: `decodeText` makes text of it. */
export type ByteString = string;

/** How many arguments one call may carry; engines allow some 65,000 and more, this is far below. */
const CHUNK = 8192;

export function toByteString(bytes: Uint8Array): ByteString {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK)
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return text;
}

export function toBytes(text: ByteString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** True when no byte is above 0x7F. */
export function isAscii(text: ByteString): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** True when the bytes are well-formed UTF-8 (RFC 3629 section 4). A fatal TextDecoder tells it too, but throwing is slow. */
export function isUtf8(text: ByteString): boolean {
  let index = 0;
  while (index < text.length) {
    const lead = text.charCodeAt(index++);
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    // Only the second byte's range depends on the first: no overlong forms, no surrogates, nothing above U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    const second = text.charCodeAt(index++);
    if (!(second >= low && second <= high)) return false;
    for (let more = lead < 0xe0 ? 0 : lead < 0xf0 ? 1 : 2; more > 0; more--) {
      const next = text.charCodeAt(index++);
      if (!(next >= 0x80 && next <= 0xbf)) return false;
    }
  }
  return true;
}
