/** ENVELOPE (RFC 9051 section 7.5.2): the header's main fields, raw. */
import { formatList, formatString } from './imap-format.ts';
import { fieldValue, type HeaderField } from './message-header.ts';

export function formatEnvelope(fields: readonly HeaderField[]): Buffer {
  const text = (name: string): Buffer => {
    const value = fieldValue(fields, name);
    return formatString(value === null ? null : Buffer.from(value, 'latin1'));
  };
  const addresses = (name: string, otherwise = 'from'): Buffer => {
    return formatAddresses(fieldValue(fields, name) ?? fieldValue(fields, otherwise) ?? '');
  };
  return formatList([
    text('date'),
    text('subject'),
    addresses('from'),
    addresses('sender'),
    addresses('reply-to'),
    addresses('to', 'to'),
    addresses('cc', 'cc'),
    addresses('bcc', 'bcc'),
    text('in-reply-to'),
    text('message-id'),
  ]);
}

/** `((name NIL local domain)...)`, NIL for none. Groups are written as their members. */
function formatAddresses(value: string): Buffer {
  const items = splitAddresses(value).map((item) => {
    const match = /^(.*?)\s*<([^<>]*)>[^<>]*$/.exec(item);
    const name = (match?.[1] ?? '').replace(/^"((?:[^"\\]|\\.)*)"$/, '$1').replace(/\\(.)/g, '$1');
    const address = (match?.[2] ?? item).trim();
    const at = address.lastIndexOf('@');
    return formatList([
      formatString(name ? Buffer.from(name, 'latin1') : null),
      'NIL',
      formatString(Buffer.from(at < 0 ? address : address.slice(0, at), 'latin1')),
      formatString(Buffer.from(at < 0 ? '' : address.slice(at + 1), 'latin1')),
    ]);
  });
  return items.length ? Buffer.concat([Buffer.from('('), ...items, Buffer.from(')')]) : Buffer.from('NIL');
}

/** Splits at commas outside quotes, angle brackets and comments; comments and group syntax are dropped. */
function splitAddresses(value: string): string[] {
  const plain = value.replace(/"(?:[^"\\]|\\.)*"|\([^()]*\)/g, (run) => (run.startsWith('(') ? '' : run));
  const ungrouped = plain.replace(/"(?:[^"\\]|\\.)*"|<[^>]*>|[^":;<>]*:|;/g, (run) =>
    /[:;]$/.test(run) && !/^["<]/.test(run) ? ',' : run,
  );
  const items = ungrouped.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<]|["<])+/g) ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== '');
}
