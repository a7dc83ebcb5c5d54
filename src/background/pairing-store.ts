/**
 * The pairing key of this browser, and beside it a code that was pasted and is not confirmed yet. Both are kept where no
 * cache upgrade reaches them, and can never be exported.
 */
import type { PairingCode } from '../pairing-code.ts';
import { importKey } from '../secure-channel.ts';
import {
  deletePairingDatabase,
  openPairingDatabase,
  type Pairing,
  type PairingDatabase,
  type PendingPairing,
} from '../store.ts';

export interface PairingStore {
  read(): Promise<Pairing | null>;
  readPending(): Promise<PendingPairing | null>;
  /** Keeps a code that was just pasted, in place of another one; the pairing stays. @param now milliseconds since 1970 */
  begin(code: PairingCode, now: number): Promise<void>;
  /** Keeps the new long-term key beside the code until the bridge has confirmed it. */
  keepNewKey(cid: Uint8Array, key: CryptoKey): Promise<void>;
  /** The bridge has the new key: it takes the place of the pairing, and the code is forgotten. */
  confirm(cid: Uint8Array): Promise<void>;
  /** Forgets the code, unless another one was pasted meanwhile. */
  drop(cid: Uint8Array): Promise<void>;
  /** The bridge of the pairing listens elsewhere now. */
  setPort(port: number): Promise<void>;
  /** Forgets both. */
  forget(): Promise<void>;
}

/** Thrown when the pairing cannot be read or written: a failure of its own, which says nothing about the cache. */
export class PairingUnreadable extends Error {
  override name = 'PairingUnreadable';
}

/** @throws {PairingUnreadable} from everything that it does */
export function makePairingStore(): PairingStore {
  let opened: Promise<PairingDatabase> | null = null;

  function open(): Promise<PairingDatabase> {
    opened ??= openPairingDatabase(letGo);
    return opened;
  }

  /** A connection that has failed once is not trusted again. */
  function letGo(): void {
    opened?.then(
      (database) => database.close(),
      () => {},
    );
    opened = null;
  }

  async function use<T>(work: (database: PairingDatabase) => Promise<T>): Promise<T> {
    try {
      return await work(await open());
    } catch {
      letGo();
      throw new PairingUnreadable();
    }
  }

  /** One transaction, so that nothing comes between the look and the change. */
  function changePending(
    cid: Uint8Array,
    edit: (
      pending: PendingPairing,
      rows: { pairing: (row: Pairing) => Promise<unknown>; pending: (row: PendingPairing | null) => Promise<unknown> },
    ) => Promise<unknown>,
  ): Promise<void> {
    return use(async (database) => {
      const transaction = database.transaction(['pairing', 'pending'], 'readwrite');
      const pendings = transaction.objectStore('pending');
      const pending = await pendings.get('pending');
      if (pending && isSame(pending.cid, cid))
        await edit(pending, {
          pairing: (row) => transaction.objectStore('pairing').put(row, 'pairing'),
          pending: (row) => (row ? pendings.put(row, 'pending') : pendings.delete('pending')),
        });
      await transaction.done;
    });
  }

  return {
    read: () =>
      use(async (database) => {
        const pairing = await database.get('pairing', 'pairing');
        // The first version kept a code in its place that was not confirmed.
        return pairing?.pairedKey ? pairing : null;
      }),
    readPending: () => use(async (database) => (await database.get('pending', 'pending')) ?? null),
    async begin({ cid, secret, port }, begun) {
      const codeKey = await importKey(secret);
      const keep = () =>
        use((database) => database.put('pending', { cid, codeKey, pairedKey: null, port, begun }, 'pending'));
      await keep().catch(async () => {
        // The key in one that cannot be opened is lost; somebody who pastes a code wants to go on all the same.
        await deletePairingDatabase();
        await keep();
      });
    },
    keepNewKey: (cid, pairedKey) => changePending(cid, (pending, rows) => rows.pending({ ...pending, pairedKey })),
    confirm: (cid) =>
      changePending(cid, async ({ pairedKey, port }, rows) => {
        if (!pairedKey) return;
        await rows.pairing({ cid, pairedKey, port });
        await rows.pending(null);
      }),
    drop: (cid) => changePending(cid, (_, rows) => rows.pending(null)),
    setPort: (port) =>
      use(async (database) => {
        const { store, done } = database.transaction('pairing', 'readwrite');
        const pairing = await store.get('pairing');
        if (pairing) await store.put({ ...pairing, port }, 'pairing');
        await done;
      }),
    forget: () =>
      use(async (database) => {
        const transaction = database.transaction(['pairing', 'pending'], 'readwrite');
        await transaction.objectStore('pairing').delete('pairing');
        await transaction.objectStore('pending').delete('pending');
        await transaction.done;
      }),
  };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
