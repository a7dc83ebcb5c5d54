/** Doing things: an act shows at once, and is the store's business as soon as the background has written it down. */
import { useCallback, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import type { ErrorCode, Operation } from '../model.ts';
import type { OutboxRow } from '../store.ts';

export interface Operations {
  /** Done on this page and perhaps not yet in the stored outbox. */
  own: OutboxRow[];
  /** Why the last act was not taken; null when it was. */
  refused: ErrorCode | null;
  operate(operations: readonly Operation[]): void;
  /** Asks the bridge to look for mail now. */
  check(): void;
}

/** @param refresh reads the store again; resolves when that is on its way to the screen */
export function useOperations(refresh: () => Promise<void>): Operations {
  const [own, setOwn] = useState<OutboxRow[]>([]);
  const [refused, setRefused] = useState<ErrorCode | null>(null);

  const operate = useCallback(
    (operations: readonly Operation[]) => {
      setRefused(null);
      for (const operation of operations) {
        const row: OutboxRow = { id: crypto.randomUUID(), operation, created: Date.now(), failed: null };
        setOwn((rows) => [...rows, row]);
        void deliver({ type: 'operate', id: row.id, operation }).then(async (receipt) => {
          if (receipt) setRefused(receipt);
          // Only when the stored outbox (or the confirmed state) is on the screen, the own row may go.
          else await refresh();
          setOwn((rows) => rows.filter((other) => other.id !== row.id));
        });
      }
    },
    [refresh],
  );
  const check = useCallback(() => {
    setRefused(null);
    void deliver({ type: 'check' }).then(setRefused);
  }, []);
  return { own, refused, operate, check };
}
