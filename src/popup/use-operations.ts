/** Doing things: an act shows at once, and is the store's business as soon as the background has written it down. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import type { Receipt } from '../intents.ts';
import type { ErrorCode, Operation } from '../model.ts';
import type { OutboxRow } from '../store.ts';

export interface Operations {
  /** What is under way: as stored, with what was done on this page and without what was taken back; oldest first. */
  outbox: OutboxRow[];
  /** Why the last act was not taken; null when it was. */
  refused: ErrorCode | null;
  operate(operations: readonly Operation[]): void;
  /** Takes back a removal that the bridge still waits with. */
  undo(id: string): void;
  /** Asks the bridge to look for mail now. */
  check(): void;
}

/**
 * @param stored the outbox as it stands in the store, oldest first
 * @param refresh reads the store again; resolves when that is on its way to the screen
 */
export function useOperations(stored: readonly OutboxRow[], refresh: () => Promise<void>): Operations {
  const [own, setOwn] = useState<OutboxRow[]>([]);
  const [undone, setUndone] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const receipts = useRef(new Map<string, Promise<Receipt>>());

  const operate = useCallback(
    (operations: readonly Operation[]) => {
      setRefused(null);
      for (const operation of operations) {
        const row: OutboxRow = { id: crypto.randomUUID(), operation, created: Date.now(), failed: null };
        setOwn((rows) => [...rows, row]);
        const receipt = deliver({ type: 'operate', id: row.id, operation });
        receipts.current.set(row.id, receipt);
        void receipt.then(async (code) => {
          receipts.current.delete(row.id);
          if (code) setRefused(code);
          // Only when the stored outbox (or the confirmed state) is on the screen, the own row may go.
          else await refresh();
          setOwn((rows) => rows.filter((other) => other.id !== row.id));
        });
      }
    },
    [refresh],
  );
  const undo = useCallback(async (id: string) => {
    setRefused(null);
    setUndone((ids) => new Set([...ids, id]));
    // An undo that overtakes its operation would be one of nothing.
    if (await receipts.current.get(id)) return;
    const code = await deliver({ type: 'undo', id });
    if (!code) return;
    setRefused(code);
    setUndone((ids) => new Set([...ids].filter((other) => other !== id)));
  }, []);
  const check = useCallback(() => {
    setRefused(null);
    void deliver({ type: 'check' }).then(setRefused);
  }, []);
  const outbox = useMemo(
    () => [...stored, ...own].filter((row) => row.failed !== null || !undone.has(row.id)),
    [stored, own, undone],
  );
  return { outbox, refused, operate, undo, check };
}
