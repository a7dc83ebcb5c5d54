/**
 * The background from its start to its end. It lives on an open store: without one the badge says so in words, and each
 * alarm tries again.
 */
import type { Intent, Receipt } from '../intents.ts';
import type { Store } from '../store.ts';
import { brokenBadge, paintBadge } from './badge.ts';
import { makePairingStore, PairingUnreadable } from './pairing-store.ts';
import { assemble, type Parts } from './parts.ts';
import { isDamage, makeStoreOpener } from './store-repair.ts';

/** A store that fails sooner than this after it was opened is left alone until the next alarm. */
const REST = 30_000;

/** Neither ever rejects. */
export interface Background {
  handle(intent: Intent): Promise<Receipt>;
  /** What an alarm or the browser's start asks for: a line, and a badge that is true. */
  wake(): Promise<void>;
}

export function startBackground(): Background {
  const opener = makeStoreOpener();
  const pairing = makePairingStore();
  /** null while there is no store to be had. */
  let parts: Promise<Parts | null> | null = null;
  /** The store has failed in a way that stays. */
  let suspect = false;

  function ready(): Promise<Parts | null> {
    if (parts) return parts;
    const opening = open().catch(async () => {
      if (parts === opening) parts = null;
      await sayBroken();
      return null;
    });
    parts = opening;
    return opening;
  }

  async function open(): Promise<Parts> {
    const began = Date.now();
    const current: { store?: Store; parts?: Parts; lost: boolean } = { lost: false };
    function lose(error?: unknown): void {
      if (current.lost) return;
      current.lost = true;
      suspect ||= isDamage(error);
      current.parts?.stop();
      current.store?.close();
      parts = null;
      void (Date.now() - began > REST ? ready() : sayBroken());
    }
    current.store = await opener.open(suspect, lose);
    suspect = false;
    current.parts = await assemble(current.store, pairing, lose);
    if (current.lost) current.parts.stop();
    return current.parts;
  }

  void ready();
  return {
    async handle(intent) {
      try {
        const current = await ready();
        return current ? await current.handle(intent) : 'storage-failed';
      } catch (error) {
        return error instanceof DOMException || error instanceof PairingUnreadable ? 'storage-failed' : 'internal';
      }
    },
    async wake() {
      // What fails here has been said by the badge.
      await (await ready())?.wake().catch(() => {});
    },
  };
}

/** No number: nobody knows one. */
async function sayBroken(): Promise<void> {
  await paintBadge(brokenBadge()).catch(() => {});
}
