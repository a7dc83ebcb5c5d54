/**
 * Bridge <-> background: every command and every event, one schema each, checked at both ends.
 * A sealed frame carries a JSON array of these; what stands in one frame is applied together.
 * `docs/PROTOCOL.md` tells it in words.
 */
import * as v from 'valibot';
import { FOLDER_ROLES, TEST_STEPS } from './model.ts';
import {
  accountSchema,
  code,
  count,
  flags,
  folder,
  id,
  mailbox,
  message,
  messageRef,
  operationSchema,
  searchQuerySchema,
  section,
  text,
  time,
  uid,
} from './wire.ts';

/** Another major cannot be talked to; a higher minor only adds what the other side may ignore. */
export const PROTOCOL_MAJOR = 1;
export const PROTOCOL_MINOR = 1;

/** Below the range that systems hand out to outgoing connections (Linux: 32768 up), so that nothing else takes it by chance. */
export const DEFAULT_PORT = 27993;

/** WebSocket close codes of ours (RFC 6455 section 7.4.2: 4000-4999 are private). */
export const CLOSE = {
  /** The proof failed: unknown client, wrong key, or a malformed step. Says no more on purpose. */
  refused: 4401,
  /** A frame did not open, was not UTF-8 JSON or was not a list of messages. */
  badFrame: 4403,
  /** The other side speaks another major version. */
  version: 4426,
  /** The user has revoked this pairing. */
  revoked: 4410,
} as const;

/** The most bytes of one sealed frame towards the bridge; commands are small. */
export const MAX_FRAME_TO_BRIDGE = 64 * 1024;
/** The most bytes of one sealed frame towards the browser; larger answers are split. */
export const MAX_FRAME_TO_BROWSER = 256 * 1024;
/** UTF-16 units of one piece of a text: six bytes each at the most, as JSON. */
export const MAX_PIECE = 32 * 1024;
/** How far ahead of the browser's acknowledgements the bytes of a part are sent. */
export const PART_WINDOW = 256 * 1024;
const versions = { version: text(40), major: count, minor: count };

/** What the background sends to the bridge. */
export const commandSchemas = {
  /** Always the first message: who speaks, and which protocol. */
  hello: v.object({ type: v.literal('hello'), ...versions }),
  /** Every 20 s; answered by `pong` as data, since only data keeps a worker alive. */
  ping: v.object({ type: v.literal('ping') }),
  /** Ends pairing: the browser has stored its new key. `label` is how it is listed by `letterbox clients`. */
  'commit-pairing': v.object({ type: v.literal('commit-pairing'), label: text(100) }),
  /** What the cache holds. Mailboxes that are not as named here, or not named, arrive as snapshots. */
  resume: v.object({
    type: v.literal('resume'),
    mailboxes: v.pipe(v.array(v.object({ ...mailbox, epoch: id, revision: count })), v.maxLength(500)),
  }),
  operate: v.object({ type: v.literal('operate'), id, operation: operationSchema }),
  /** Takes back a removal that still waits. It is then settled as `undone`; one that was done already stays done. */
  undo: v.object({ type: v.literal('undo'), id }),
  /** A password as typed. Bound to the account's host, port, security and user; never sent back. */
  'set-secret': v.object({ type: v.literal('set-secret'), account: id, secret: text(10000) }),
  /** Tries settings without keeping them. `secret: null` uses the stored one if it is bound to these settings. */
  'test-account': v.object({
    type: v.literal('test-account'),
    id,
    account: accountSchema,
    secret: v.nullable(text(10000)),
  }),
  /** What there is to see of a message: comes as `content`, then `answered`. */
  'read-message': v.object({ type: v.literal('read-message'), id, ...messageRef }),
  /** The bytes of one part of it, decoded: come as `bytes`, then `answered`. */
  'read-part': v.object({ type: v.literal('read-part'), id, ...messageRef, part: section }),
  /** So many bytes of a part have been taken in all; the bridge sends no more than a window ahead of it. */
  taken: v.object({ type: v.literal('taken'), id, bytes: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  /** Looks on the servers of all accounts, or of one: rows come as `found`, then `answered`. */
  search: v.object({ type: v.literal('search'), id, account: v.nullable(id), query: searchQuerySchema }),
  /** Whoever asked does not want to know any more; answered with `canceled` if it was still on its way. */
  cancel: v.object({ type: v.literal('cancel'), id }),
  /** Look now: waiting accounts connect at once, connected ones ask their server. */
  check: v.object({ type: v.literal('check') }),
} as const;

/** What the bridge sends to the background. */
export const eventSchemas = {
  hello: v.object({ type: v.literal('hello'), ...versions }),
  pong: v.object({ type: v.literal('pong') }),
  /** The bridge has stored the pairing; the code is used up. */
  paired: v.object({ type: v.literal('paired') }),
  /** All accounts, in the user's order; one that is not named is gone, and so is one of a kind that a newer bridge has. */
  accounts: v.object({
    type: v.literal('accounts'),
    accounts: v.pipe(
      v.array(v.fallback(v.nullable(accountSchema), null)),
      v.transform((accounts) => accounts.filter((account) => account !== null)),
    ),
  }),
  status: v.object({
    type: v.literal('status'),
    account: id,
    unread: v.nullable(count),
    asOf: v.nullable(time),
    // What this version does not know is not to be relied on.
    state: v.fallback(v.picklist(['fresh', 'old', 'needs-you', 'off']), 'old'),
    code: v.nullable(code),
    retryAt: v.nullable(time),
    can: v.object({
      flags: v.fallback(v.picklist(['server', 'local']), 'local'),
      folders: v.boolean(),
      push: v.boolean(),
      move: v.boolean(),
    }),
  }),
  /** The folders of an account, in the order to show them in. */
  folders: v.object({
    type: v.literal('folders'),
    account: id,
    folders: v.array(
      v.object({ path: folder, name: text(300), role: v.fallback(v.nullable(v.picklist(FOLDER_ROLES)), null) }),
    ),
  }),
  /** A snapshot starts. Every message at or above `low` will be named; if `partial`, what is cached below it stays. */
  begin: v.object({
    type: v.literal('begin'),
    ...mailbox,
    epoch: id,
    revision: count,
    uidValidity: uid,
    low: uid,
    partial: v.optional(v.boolean(), false),
  }),
  rows: v.object({ type: v.literal('rows'), ...mailbox, epoch: id, rows: v.array(message) }),
  /** The snapshot is complete: apply it in one transaction. */
  end: v.object({ type: v.literal('end'), ...mailbox, epoch: id }),
  /** From revision - 1 to revision. A gap or another epoch: ask by `resume`. */
  delta: v.object({
    type: v.literal('delta'),
    ...mailbox,
    epoch: id,
    revision: count,
    rows: v.array(message),
    flags: v.array(v.object({ uid, ...flags })),
    gone: v.array(uid),
  }),
  /** The operation is done (`code: null`) or will not be done. */
  settled: v.object({ type: v.literal('settled'), id, code: v.nullable(code) }),
  /** A test has passed this step. */
  progress: v.object({ type: v.literal('progress'), id, step: v.fallback(v.nullable(v.picklist(TEST_STEPS)), null) }),
  /**
   * A piece of a message's content: of the JSON text of `MessageContent`, from this place on. `total` is its length in
   * UTF-16 units.
   */
  content: v.object({ type: v.literal('content'), id, at: count, total: count, data: text(MAX_PIECE) }),
  /** Bytes of a part, from this place on; base64 (RFC 4648 section 4). */
  bytes: v.object({
    type: v.literal('bytes'),
    id,
    at: v.pipe(v.number(), v.integer(), v.minValue(0)),
    data: v.string(),
  }),
  /** Messages that were found, newest first in each folder. */
  found: v.object({ type: v.literal('found'), id, rows: v.array(message) }),
  /** A want is answered: `code: null` means that all went well. */
  answered: v.object({ type: v.literal('answered'), id, code: v.nullable(code) }),
  /** The answer to a command that this bridge does not know. */
  unsupported: v.object({ type: v.literal('unsupported'), command: text(64), id: v.nullable(id) }),
} as const;

const encoder = new TextEncoder();

type Schemas = Record<string, v.GenericSchema>;
type MessageOf<S extends Schemas> = { [K in keyof S]: v.InferOutput<S[K]> }[keyof S];

export type Command = MessageOf<typeof commandSchemas>;
export type BridgeEvent = MessageOf<typeof eventSchemas>;
export type EventOf<T extends BridgeEvent['type']> = Extract<BridgeEvent, { type: T }>;
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/**
 * A message of a type, or with a word in it, that this version does not know: ignored by the browser, answered
 * `unsupported` by the bridge.
 */
export interface UnknownMessage {
  type: 'unknown';
  name: string;
  id: string | null;
}

/** Thrown when a frame is not what the protocol allows; the socket is then closed. Holds no data of the frame. */
export class MalformedFrame extends Error {
  override name = 'MalformedFrame';
}

/** Reads the plaintext of a frame that came from a browser. @throws {MalformedFrame} */
export function parseCommands(plaintext: Uint8Array): (Command | UnknownMessage)[] {
  return parseFrame(commandSchemas, plaintext);
}

/** Reads the plaintext of a frame that came from the bridge. @throws {MalformedFrame} */
export function parseEvents(plaintext: Uint8Array): (BridgeEvent | UnknownMessage)[] {
  return parseFrame(eventSchemas, plaintext);
}

/** The plaintext of a frame that carries these messages. */
export function encodeFrame(messages: readonly (Command | BridgeEvent)[]): Uint8Array {
  return encoder.encode(JSON.stringify(messages));
}

/**
 * The plaintexts of as few frames as these messages need, in their order. What fits one frame stands in one; a message
 * that is larger than a frame is alone in one, and the other side refuses it.
 * @param limit bytes of one plaintext: `MAX_FRAME_TO_BRIDGE` or `MAX_FRAME_TO_BROWSER`
 */
export function encodeFrames(messages: readonly (Command | BridgeEvent)[], limit: number): Uint8Array[] {
  const frames: string[][] = [[]];
  let bytes = 0;
  for (const message of messages) {
    const text = JSON.stringify(message);
    const length = encoder.encode(text).length + ','.length;
    if (bytes > 0 && bytes + length + '[]'.length > limit) {
      frames.push([]);
      bytes = 0;
    }
    frames.at(-1)?.push(text);
    bytes += length;
  }
  return frames.map((texts) => encoder.encode(`[${texts.join()}]`));
}

function parseFrame<S extends Schemas>(schemas: S, plaintext: Uint8Array): (MessageOf<S> | UnknownMessage)[] {
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext));
  } catch {
    throw new MalformedFrame('not UTF-8 JSON');
  }
  if (!Array.isArray(list)) throw new MalformedFrame('not a list');
  return list.map((item: unknown) => parseMessage(schemas, item));
}

/** The checks that fail for a word which is not on a list, and for nothing else. */
const WORDS: ReadonlySet<string> = new Set(['picklist', 'variant', 'literal']);

function parseMessage<S extends Schemas>(schemas: S, item: unknown): MessageOf<S> | UnknownMessage {
  if (typeof item !== 'object' || item === null || !('type' in item) || typeof item.type !== 'string')
    throw new MalformedFrame('a message without a type');
  const schema = Object.hasOwn(schemas, item.type) ? schemas[item.type] : undefined;
  const named = 'id' in item ? v.safeParse(id, item.id) : null;
  const unknown: UnknownMessage = {
    type: 'unknown',
    name: item.type.slice(0, 64),
    id: named?.success ? named.output : null,
  };
  if (!schema) return unknown;
  const result = v.safeParse(schema, item);
  // A word that only a newer side knows: answered by the id, and carried out by nobody.
  if (!result.success && unknown.id !== null && result.issues.every(({ type }) => WORDS.has(type))) return unknown;
  if (!result.success) throw new MalformedFrame(`a malformed ${item.type}`);
  return result.output as MessageOf<S>;
}
