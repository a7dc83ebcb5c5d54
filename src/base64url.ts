/** base64url without padding (RFC 4648 section 5), alike in Node and in browsers. */

export function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** null for anything that is not base64url as `toBase64url` writes it. Meant for short texts: keys, codes, nonces. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // The last character may hold bits that mean nothing: a slip there would go unnoticed.
  return toBase64url(bytes) === text ? bytes : null;
}
