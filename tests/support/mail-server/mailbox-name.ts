/** Mailbox names on the wire: modified UTF-7 (RFC 3501 section 5.1.3). */

export function encodeMailboxName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === '&') return '&-';
    const utf16 = Buffer.from(run, 'utf16le').swap16();
    return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

/** What is not modified UTF-7 stays as it came. */
export function decodeMailboxName(text: string): string {
  return text.replace(/&([^-]*)-/g, (_, run: string) => {
    if (run === '') return '&';
    const utf16 = Buffer.from(run.replaceAll(',', '/'), 'base64');
    return utf16
      .subarray(0, utf16.length & ~1)
      .swap16()
      .toString('utf16le');
  });
}
