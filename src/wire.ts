/** The nouns that travel between bridge, background and pages: one schema each, checked wherever they come in. */
import * as v from 'valibot';
import { ERROR_CODES } from './model.ts';

/** The most UIDs of one operation, so that a command always fits its frame. */
export const MAX_UIDS = 1000;

export const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
export const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/));
/** UIDs and UIDVALIDITY are non-zero 32-bit numbers (RFC 9051 section 9, nz-number). */
export const uid = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4294967295));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4294967295));
export const time = v.pipe(v.number(), v.integer());
export const folder = text(1000);
/** A newer bridge may know codes that this extension does not. */
export const code = v.fallback(v.picklist(ERROR_CODES), 'internal');
export const mailbox = { account: id, folder };
const uids = v.pipe(v.array(uid), v.minLength(1), v.maxLength(MAX_UIDS));

const server = v.object({
  host: v.pipe(text(253), v.minLength(1)),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)),
  security: v.picklist(['tls', 'starttls', 'none']),
});

/** An account, on the wire and on the bridge's disk. */
export const accountSchema = v.object({
  id,
  protocol: v.picklist(['imap', 'pop3']),
  name: v.pipe(text(200), v.minLength(1)),
  address: text(320),
  user: v.pipe(text(320), v.minLength(1)),
  server,
  folders: v.optional(v.pipe(v.array(folder), v.maxLength(200))),
});

export const address = v.object({ name: text(300), address: text(400), misleading: v.boolean() });
export const flags = { seen: v.boolean(), flagged: v.boolean(), answered: v.boolean() };

export const message = v.object({
  ...mailbox,
  uid,
  uidValidity: uid,
  messageId: text(1000),
  from: v.nullable(address),
  subject: text(1000),
  date: time,
  ...flags,
  size: count,
  // Of protocol 1.1: a bridge of 1.0 does not say them.
  listId: v.optional(text(1000), ''),
  emailId: v.optional(text(255), ''),
  snippet: v.optional(v.nullable(text(2000)), null),
  hasAttachments: v.optional(v.boolean(), false),
});

/** An operation, on the wire and from a page. */
export const operationSchema = v.variant('kind', [
  v.object({
    kind: v.picklist(['seen', 'unseen', 'star', 'unstar']),
    ...mailbox,
    uidValidity: uid,
    target: v.union([v.object({ uids }), v.object({ upTo: uid })]),
  }),
  v.object({
    kind: v.picklist(['archive', 'trash', 'spam', 'not-spam', 'move', 'delete']),
    ...mailbox,
    uidValidity: uid,
    target: v.object({ uids }),
    to: v.optional(folder),
  }),
  v.object({ kind: v.literal('put-account'), account: accountSchema }),
  v.object({ kind: v.literal('remove-account'), account: id }),
]);

export const messageRef = { ...mailbox, uidValidity: uid, uid };
/** RFC 9051 section 6.4.5, section-part: `1.2`, `TEXT`, `1.TEXT`. */
export const section = v.pipe(v.string(), v.maxLength(200), v.regex(/^(\d+(\.\d+)*(\.TEXT)?|TEXT)$/));
const words = v.optional(v.pipe(text(500), v.minLength(1)));

/** A search, on the wire and from a page. */
export const searchQuerySchema = v.object({
  text: words,
  from: words,
  subject: words,
  unread: v.optional(v.boolean()),
  since: v.optional(time),
  folder: v.optional(folder),
});

const link = v.object({ text: v.string(), href: v.string(), start: count, end: count });
const image = v.object({ contentId: v.string(), part: section, type: v.string(), size: count });
const attachment = v.object({
  part: section,
  name: v.string(),
  fileName: v.string(),
  type: v.string(),
  size: count,
  risky: v.boolean(),
});

/** What is read of one message: `MessageContent`, put together from its pieces. */
export const messageContentSchema = v.object({
  from: v.nullable(address),
  sender: v.nullable(address),
  to: v.array(address),
  cc: v.array(address),
  replyTo: v.array(address),
  subject: text(1000),
  date: v.nullable(time),
  text: v.string(),
  links: v.array(link),
  html: v.nullable(v.string()),
  inlineImages: v.array(image),
  attachments: v.array(attachment),
  cut: v.boolean(),
  code: v.nullable(v.string()),
});
