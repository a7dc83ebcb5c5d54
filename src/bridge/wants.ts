/** What one browser wants to know: messages, files, searches. Answered to it alone; gone with its session. */
import type { AccountId, ErrorCode } from '../model.ts';
import { type BridgeEvent, type CommandOf, MAX_PIECE, PART_WINDOW } from '../protocol.ts';
import { within } from './deadline.ts';
import { BridgeError, codeOf } from './errors.ts';
import type { MailSource } from './mail-source.ts';
import type { Mailroom } from './mailroom.ts';

/** Open at once, of one browser: a person opens one message after the other. */
const MOST = 16;
/** For a message: a slow server, a long text and a short wait for a line. */
const MESSAGE_TIMEOUT = 90_000;
/** For a search; Gmail takes half a minute over a large folder. */
const SEARCH_TIMEOUT = 120_000;
/** How long a browser may take to acknowledge what it was sent. */
const TAKEN_TIMEOUT = 60_000;
/** Bytes of a part in one event. */
const CHUNK = 64 * 1024;

export interface Wants {
  readMessage(command: CommandOf<'read-message'>): void;
  readPart(command: CommandOf<'read-part'>): void;
  taken(command: CommandOf<'taken'>): void;
  search(command: CommandOf<'search'>): void;
  cancel(id: string): void;
  /** Stops them all: nobody is there to be answered. */
  end(): void;
}

interface OpenWant {
  abort: AbortController;
  /** Bytes that the browser has acknowledged. */
  taken: number;
  onTaken: () => void;
}

export function makeWants(mailroom: Mailroom, tell: (events: BridgeEvent[]) => void): Wants {
  const open = new Map<string, OpenWant>();

  function answer(id: string, work: (want: OpenWant) => Promise<void>): void {
    const finish = (code: ErrorCode | null) => tell([{ type: 'answered', id, code }]);
    if (open.has(id)) return;
    if (open.size >= MOST) {
      finish('too-many');
      return;
    }
    const want: OpenWant = { abort: new AbortController(), taken: 0, onTaken: () => {} };
    open.set(id, want);
    const canceled = new Promise<never>((_, reject) => {
      want.abort.signal.addEventListener('abort', () => reject(new BridgeError('canceled')), { once: true });
    });
    Promise.race([work(want), canceled])
      .then(() => null, codeOf)
      .then((code) => {
        open.delete(id);
        // What is past its time has to stop too.
        want.abort.abort();
        finish(code);
      })
      .catch(() => {});
  }

  function ask<T>(account: AccountId, question: (source: MailSource) => Promise<T> | undefined): Promise<T> {
    return mailroom.ask(account, (source) => question(source) ?? Promise.reject(new BridgeError('unsupported')));
  }

  return {
    readMessage({ id, account, folder, uidValidity, uid }) {
      answer(id, async ({ abort }) => {
        const message = { folder, uidValidity, uid };
        const reading = ask(account, (source) => source.readMessage?.(message, abort.signal));
        const content = JSON.stringify(await within(reading, MESSAGE_TIMEOUT));
        for (let at = 0; at < content.length; at += MAX_PIECE)
          tell([{ type: 'content', id, at, total: content.length, data: content.slice(at, at + MAX_PIECE) }]);
      });
    },
    readPart({ id, account, folder, uidValidity, uid, part }) {
      answer(id, async (want) => {
        const message = { folder, uidValidity, uid };
        let sent = 0;
        const take = async (bytes: Uint8Array) => {
          for (let start = 0; start < bytes.length; start += CHUNK) {
            await roomFor(want, sent);
            const chunk = bytes.subarray(start, start + CHUNK);
            tell([{ type: 'bytes', id, at: sent, data: Buffer.from(chunk).toString('base64') }]);
            sent += chunk.length;
          }
        };
        await ask(account, (source) => source.readPart?.(message, part, take, want.abort.signal));
      });
    },
    taken({ id, bytes }) {
      const want = open.get(id);
      if (!want) return;
      want.taken = Math.max(want.taken, bytes);
      want.onTaken();
    },
    search({ id, account, query }) {
      answer(id, async ({ abort }) => {
        const accounts = account === null ? mailroom.accounts() : [account];
        const searches = accounts.map((one) =>
          ask(one, (source) =>
            source.search?.(
              query,
              (rows) => !abort.signal.aborted && tell([{ type: 'found', id, rows }]),
              abort.signal,
            ),
          ),
        );
        // Each is heard to its end: one account that cannot be asked takes nothing from the others.
        const results = await within(Promise.allSettled(searches), SEARCH_TIMEOUT);
        const failed = results.find((result) => result.status === 'rejected');
        if (failed) throw failed.reason;
      });
    },
    cancel: (id) => open.get(id)?.abort.abort(),
    end() {
      for (const { abort } of open.values()) abort.abort();
    },
  };
}

/** Resolves when the browser has taken enough of what it was sent. */
async function roomFor(want: OpenWant, sent: number): Promise<void> {
  while (sent - want.taken + CHUNK > PART_WINDOW) {
    const moved = new Promise<void>((resolve) => {
      want.onTaken = resolve;
    });
    await within(moved, TAKEN_TIMEOUT, 'link-broken');
  }
}
