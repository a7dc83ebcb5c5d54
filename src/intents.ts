/** Popup, options -> background: what the user wants. Sent by `runtime.sendMessage`, written to the store there. */
import * as v from 'valibot';
import browser from 'webextension-polyfill';
import type { Account, AccountId, ErrorCode, Operation, SearchQuery } from './model.ts';
import type { MessageRef } from './store.ts';
import {
  accountSchema,
  id,
  messageRef as messageRefFields,
  operationSchema,
  searchQuerySchema,
  section,
} from './wire.ts';

export type Intent =
  /** Writes to the outbox; the page has made the id, so that it can follow the row. */
  | { type: 'operate'; id: string; operation: Operation }
  /** Takes back a removal while the bridge still waits with it. */
  | { type: 'undo'; id: string }
  /** The user has read about a failed operation. */
  | { type: 'dismiss'; id: string }
  /** Sends a typed password once; fails at once when there is no link. */
  | { type: 'set-secret'; account: string; secret: string }
  /** Tests settings; progress and answer arrive in the want with this id. */
  | { type: 'test-account'; id: string; account: Account; secret: string | null }
  /** Opens a message: its content is in the store when the want with this id is done, at once if it was there. */
  | { type: 'open-message'; id: string; message: MessageRef }
  /** Loads a file of a message; its bytes are in the store when the want is done. Forget it when they are saved. */
  | { type: 'load-file'; id: string; message: MessageRef; part: string }
  /** Looks on the servers, of all accounts or of one; what is found is in the store as it comes. */
  | { type: 'search'; id: string; account: AccountId | null; query: SearchQuery }
  /** The page does not want to know any more: stops it, and drops what has come. */
  | { type: 'forget'; id: string }
  /** Redeems a pairing code. */
  | { type: 'pair'; code: string }
  | { type: 'unpair' }
  /** The bridge listens on another port now (1 to 65535). */
  | { type: 'set-port'; port: number }
  /** Look now. */
  | { type: 'check' };

/** `null`: written down. A code: refused, nothing was kept. */
export type Receipt = ErrorCode | null;

/** Hands an intent to the background, which is started by it if need be. Resolves when it is written down. */
export async function send(intent: Intent): Promise<Receipt> {
  return (await browser.runtime.sendMessage(intent)) as Receipt;
}

const messageRef = v.object(messageRefFields);
const secret = v.pipe(v.string(), v.maxLength(10000));

const intentSchema = v.variant('type', [
  v.object({ type: v.literal('operate'), id, operation: operationSchema }),
  v.object({ type: v.literal('undo'), id }),
  v.object({ type: v.literal('dismiss'), id }),
  v.object({ type: v.literal('set-secret'), account: id, secret }),
  v.object({ type: v.literal('test-account'), id, account: accountSchema, secret: v.nullable(secret) }),
  v.object({ type: v.literal('open-message'), id, message: messageRef }),
  v.object({ type: v.literal('load-file'), id, message: messageRef, part: section }),
  v.object({ type: v.literal('search'), id, account: v.nullable(id), query: searchQuerySchema }),
  v.object({ type: v.literal('forget'), id }),
  v.object({ type: v.literal('pair'), code: v.pipe(v.string(), v.maxLength(500)) }),
  v.object({ type: v.literal('unpair') }),
  v.object({ type: v.literal('set-port'), port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)) }),
  v.object({ type: v.literal('check') }),
]);

/** Reads what a page has sent; null for anything that is no intent. */
export function parseIntent(message: unknown): Intent | null {
  const result = v.safeParse(intentSchema, message);
  return result.success ? result.output : null;
}
