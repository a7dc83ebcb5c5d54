/** Writes of what was asked for: messages that were opened, files on their way, what a search has found. */
import type { MessageContent } from '../message-content.ts';
import type { Message } from '../model.ts';
import { type Area, announceChange, type MessageRef, type Store, wantRange } from '../store.ts';

/** Of opened messages; the one that was not opened for the longest time goes first. */
const MOST_BYTES = 200 * 1024 * 1024;

export interface ContentWriter {
  /** Keeps a message that was opened. */
  putContent(message: MessageRef, content: MessageContent, now: number): Promise<void>;
  /** True when the message is here; it counts as opened just now. */
  touchContent(message: MessageRef, now: number): Promise<boolean>;
  /** Keeps a piece of a file. Resolves with how many bytes of it are here. */
  addChunk(want: string, at: number, data: Uint8Array<ArrayBuffer>): Promise<number>;
  addFound(want: string, rows: readonly Message[]): Promise<void>;
  /** Drops a want with everything that has come for it. */
  forgetWant(id: string): Promise<void>;
}

export function makeContentWriter(
  store: Store,
  announce: (areas: readonly Area[]) => void = announceChange,
  most = MOST_BYTES,
): ContentWriter {
  /** Counts what has come for a want that is still open; what comes for another is not kept. */
  async function receive(
    want: string,
    area: 'chunks' | 'found',
    keep: (transaction: ReturnType<typeof begin>) => Promise<number>,
  ): Promise<number> {
    const transaction = begin();
    const wants = transaction.objectStore('wants');
    const row = await wants.get(want);
    let received = 0;
    if (row?.state === 'open') {
      received = row.received + (await keep(transaction));
      await wants.put({ ...row, received });
    }
    await transaction.done;
    announce(['wants', area]);
    return received;
  }

  const begin = () => store.transaction(['wants', 'chunks', 'found'], 'readwrite');

  return {
    async putContent(message, content, now) {
      const { account, folder, uidValidity, uid } = message;
      const bytes = JSON.stringify(content).length;
      const { store: contents, done } = store.transaction('contents', 'readwrite');
      await contents.put({ account, folder, uidValidity, uid, content, bytes, usedAt: now });
      let kept = 0;
      // By its keys alone: the texts are not read.
      for (let row = await contents.index('byUse').openKeyCursor(null, 'prev'); row; row = await row.continue()) {
        kept += row.key[1];
        if (kept > most && row.primaryKey.join() !== [account, folder, uidValidity, uid].join())
          await contents.delete(row.primaryKey);
      }
      await done;
      announce(['contents']);
    },
    async touchContent({ account, folder, uidValidity, uid }, now) {
      const { store: contents, done } = store.transaction('contents', 'readwrite');
      const row = await contents.get([account, folder, uidValidity, uid]);
      if (row) await contents.put({ ...row, usedAt: now });
      await done;
      return row !== undefined;
    },
    addChunk: (want, at, data) =>
      receive(want, 'chunks', async (transaction) => {
        await transaction.objectStore('chunks').put({ want, at, data });
        return data.length;
      }),
    async addFound(want, rows) {
      await receive(want, 'found', async (transaction) => {
        const found = transaction.objectStore('found');
        await Promise.all(rows.map((row) => found.put({ ...row, want })));
        return rows.length;
      });
    },
    async forgetWant(id) {
      const transaction = begin();
      await Promise.all([
        transaction.objectStore('wants').delete(id),
        transaction.objectStore('chunks').delete(wantRange(id)),
        transaction.objectStore('found').delete(wantRange(id)),
      ]);
      await transaction.done;
      announce(['wants', 'chunks', 'found']);
    },
  };
}
