/** Every write to the store. Each is one transaction, told to the pages when it is complete. */
import type { AccountId, ErrorCode, Operation, TestStep } from '../model.ts';
import {
  AREAS,
  type Area,
  type Attempt,
  announceChange,
  type Link,
  newLink,
  type OutboxRow,
  type Store,
  type Want,
  wantRange,
} from '../store.ts';

/** How long an answered want is kept for a page that still shows it. */
const WANT_KEPT = 10 * 60_000;

export interface StoreWriter {
  /** Everything but the attempt, which has another writer. */
  setLink(link: Link): Promise<void>;
  /** null: there is none any more. */
  setAttempt(attempt: Attempt | null): Promise<void>;
  addOperation(id: string, operation: Operation, created: number): Promise<void>;
  /** Removes an operation that is done, or notes why it is not. */
  settleOperation(id: string, code: ErrorCode | null): Promise<void>;
  dismissOperation(id: string): Promise<void>;
  addWant(want: Want): Promise<void>;
  passStep(id: string, step: TestStep): Promise<void>;
  answerWant(id: string, code: ErrorCode | null): Promise<void>;
  /** Fails every open want: all of them, or those past their deadline; forgets answered ones after a while. */
  failWants(code: ErrorCode, pastDeadlineAt: number | null): Promise<void>;
  /** Forgets everything but the link: another bridge, or none. */
  purge(): Promise<void>;
}

export function makeStoreWriter(
  store: Store,
  announce: (areas: readonly Area[]) => void = announceChange,
): StoreWriter {
  async function changeOutbox(id: string, change: (row: OutboxRow) => OutboxRow | null): Promise<void> {
    const { store: outbox, done } = store.transaction('outbox', 'readwrite');
    const row = await outbox.get(id);
    const next = row ? change(row) : null;
    if (next) await outbox.put(next);
    else await outbox.delete(id);
    await done;
    announce(['outbox']);
  }

  async function changeLink(change: (link: Link) => Link): Promise<void> {
    const { store: rows, done } = store.transaction('link', 'readwrite');
    await rows.put(change((await rows.get('link')) ?? newLink()), 'link');
    await done;
    announce(['link']);
  }

  async function changeWant(id: string, change: (want: Want) => Want): Promise<void> {
    const { store: wants, done } = store.transaction('wants', 'readwrite');
    const want = await wants.get(id);
    // An answer to a want that has failed or was never ours changes nothing.
    if (want?.state === 'open') await wants.put(change(want));
    await done;
    announce(['wants']);
  }

  return {
    setLink: (link) => changeLink((before) => ({ ...link, attempt: before.attempt })),
    setAttempt: (attempt) => changeLink((before) => ({ ...before, attempt: attempt ?? undefined })),
    async addOperation(id, operation, created) {
      await store.put('outbox', { id, operation, created, failed: null });
      announce(['outbox']);
    },
    // What the user has taken back is no failure.
    settleOperation: (id, code) =>
      changeOutbox(id, (row) => (code && code !== 'undone' ? { ...row, failed: code } : null)),
    dismissOperation: (id) => changeOutbox(id, () => null),
    async addWant(want) {
      await store.put('wants', want);
      announce(['wants']);
    },
    passStep: (id, step) => changeWant(id, (want) => ({ ...want, steps: [...want.steps, step] })),
    answerWant: (id, code) => changeWant(id, (want) => ({ ...want, state: code ? 'failed' : 'done', code })),
    async failWants(code, pastDeadlineAt) {
      const transaction = store.transaction(['wants', 'chunks', 'found'], 'readwrite');
      const wants = transaction.objectStore('wants');
      for (const want of await wants.getAll()) {
        const late = pastDeadlineAt === null || want.deadline < pastDeadlineAt;
        if (want.state === 'open' && late) await wants.put({ ...want, state: 'failed', code });
        else if (pastDeadlineAt !== null && want.deadline + WANT_KEPT < pastDeadlineAt) {
          await wants.delete(want.id);
          await transaction.objectStore('chunks').delete(wantRange(want.id));
          await transaction.objectStore('found').delete(wantRange(want.id));
        }
      }
      await transaction.done;
      announce(['wants']);
    },
    async purge() {
      const areas = AREAS.filter((area) => area !== 'link');
      const transaction = store.transaction(areas, 'readwrite');
      await Promise.all(areas.map((area) => transaction.objectStore(area).clear()));
      await transaction.done;
      announce(areas);
    },
  };
}

/** Everything below this key prefix: `[account]` or `[account, folder]`. */
export function keysOf(...prefix: [AccountId] | [AccountId, string]): IDBKeyRange {
  return IDBKeyRange.bound(prefix, [...prefix, []]);
}

/** The messages of a mailbox from this UID on. */
export function keysFrom(account: AccountId, folder: string, uid: number): IDBKeyRange {
  return IDBKeyRange.bound([account, folder, uid], [account, folder, []]);
}
