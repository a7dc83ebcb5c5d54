/** Names under which an attachment may be saved: of our making, whatever the message says. */
import { cleanText, MAX_NAME } from './clean-text.ts';

/** File systems allow 255; a browser adds ` (1)` and a name of its own while it loads. */
const MAX_BYTES = 120;
/** An extension longer than this is none. */
const MAX_EXTENSION = 16;

/** What no file system, shell or download folder should see: separators, wildcards, quotes, class ids of Windows. */
const UNSAFE = /[\\/:*?"<>|{}\ufffd]+/g;
/** Windows gives these to devices, whatever extension they have. */
const RESERVED = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)(?:\.|$)/i;

const EXTENSIONS: Record<string, string> = {
  ...{ 'application/pdf': 'pdf', 'application/zip': 'zip', 'application/json': 'json', 'application/rtf': 'rtf' },
  ...{ 'application/msword': 'doc', 'application/vnd.ms-excel': 'xls', 'application/vnd.ms-powerpoint': 'ppt' },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  ...{ 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif', 'image/webp': 'webp', 'image/svg+xml': 'svg' },
  ...{ 'text/plain': 'txt', 'text/html': 'html', 'text/csv': 'csv', 'text/calendar': 'ics', 'text/vcard': 'vcf' },
  ...{ 'audio/mpeg': 'mp3', 'audio/wav': 'wav', 'video/mp4': 'mp4', 'message/rfc822': 'eml', 'message/global': 'eml' },
  ...{ 'message/delivery-status': 'txt', 'text/rfc822-headers': 'txt' },
};

/**
 * A base name of at most 120 bytes in UTF-8 that starts with no dot, ends with its extension and means nothing special.
 * @param name as the message gives it, or ''
 * @param type `type/subtype`, for a name without an extension
 */
export function safeFileName(name: string, type: string): string {
  const base = cleanText(name.slice(0, 4 * MAX_NAME).replace(/^.*[\\/]/s, ''), MAX_NAME)
    .replace(UNSAFE, '_')
    // `invoice.pdf      .exe` must not look like the one or be cut to the other.
    .replace(/ ?\.[. ]*/g, '.')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(/^-/, '_');
  const dot = base.lastIndexOf('.');
  const found = base.slice(dot + 1);
  const hasExtension = dot > 0 && found.length <= MAX_EXTENSION && !found.includes(' ');
  const stem = (hasExtension ? base.slice(0, dot) : base) || 'attachment';
  const extension = hasExtension ? found : (EXTENSIONS[type] ?? '');
  const tail = extension === '' ? '' : `.${extension}`;
  const whole = cutBytes(stem, MAX_BYTES - Buffer.byteLength(tail) - 1) + tail;
  return RESERVED.test(whole) ? `_${whole}` : whole;
}

function cutBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  let cut = '';
  let size = 0;
  for (const char of text) {
    size += Buffer.byteLength(char);
    if (size > max) break;
    cut += char;
  }
  return cut.replace(/[. ]+$/, '');
}
