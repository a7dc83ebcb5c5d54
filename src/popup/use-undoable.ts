import { useEffect, useState } from 'preact/hooks';
import type { OutboxRow } from '../store.ts';
import { endOf, type PendingRemoval, undoableRemovals } from './undoable.ts';

/** The removals that can be taken back at this moment, the newest first; one that no longer can goes by itself. */
export function useUndoable(outbox: readonly OutboxRow[]): PendingRemoval[] {
  const [turn, setTurn] = useState(0);
  const removals = undoableRemovals(outbox, Date.now());
  const next = removals.length === 0 ? null : Math.min(...removals.map(endOf));
  // Depends on the turn too: a timer that is a moment early must be set again.
  useEffect(() => {
    if (next === null) return;
    const timer = setTimeout(() => setTurn((before) => before + 1), Math.max(0, next - Date.now()));
    return () => clearTimeout(timer);
  }, [next, turn]);
  return removals;
}
