/** Opens the store; one that is damaged is made anew, with what could be saved of it. */
import * as v from 'valibot';
import {
  AREAS,
  type Area,
  announceChange,
  deleteStore,
  type Link,
  type OutboxRow,
  openStore,
  type Store,
  salvage,
} from '../store.ts';
import { operationSchema } from '../wire.ts';

/** What browsers say when a file is damaged or cannot be read to its end. */
const DAMAGED = ['UnknownError', 'NotReadableError'];
/** When it is opened, also a store that a newer version has made, and one that lacks a part. */
const UNFIT = [...DAMAGED, 'VersionError', 'NotFoundError'];

/** True for a failure that does not go away by itself, as a full disk may. */
export function isDamage(error: unknown): boolean {
  return error instanceof DOMException && DAMAGED.includes(error.name);
}

export interface StoreOpener {
  /**
   * @param suspect it has failed at work: it is not opened again as it is
   * @param onClosed the connection is gone
   * @throws {DOMException} when there is none to be had
   */
  open(suspect: boolean, onClosed: () => void): Promise<Store>;
}

export function makeStoreOpener(announce: (areas: readonly Area[]) => void = announceChange): StoreOpener {
  let renewed = false;
  /** What was saved and has not found its new place yet. */
  let saved: { outbox: OutboxRow[]; link: Link | null } | null = null;

  async function renew(onClosed: () => void): Promise<Store> {
    saved ??= await salvage();
    await deleteStore();
    renewed = true;
    const store = await openStore(onClosed);
    await restore(store);
    return store;
  }

  async function restore(store: Store): Promise<void> {
    if (!saved) return;
    const transaction = store.transaction(['outbox', 'link'], 'readwrite');
    for (const row of saved.outbox)
      if (v.is(operationSchema, row.operation)) await transaction.objectStore('outbox').put(row);
    if (saved.link) await transaction.objectStore('link').put(saved.link, 'link');
    await transaction.done;
    saved = null;
    announce(AREAS);
  }

  return {
    async open(suspect, onClosed) {
      // Once: what is damaged again at once has a reason that this does not mend.
      if (suspect && !renewed) return renew(onClosed);
      let store: Store | null = null;
      try {
        store = await openStore(onClosed);
        await probe(store);
        await restore(store);
        return store;
      } catch (error) {
        store?.close();
        const unfit = error instanceof DOMException && UNFIT.includes(error.name);
        if (!unfit || renewed) throw error;
        return renew(onClosed);
      }
    },
  };
}

/** Reads a little of everything: browsers find out that a file is damaged when they come to the place. */
async function probe(store: Store): Promise<void> {
  const transaction = store.transaction(AREAS);
  await Promise.all(AREAS.map((area) => transaction.objectStore(area).getAll(undefined, 1)));
  await transaction.done;
}
