/** What can still be taken back: removals that the bridge waits with. Pure. */
import { isRemoval, type RemoveOperation, UNDO_TIME } from '../model.ts';
import type { OutboxRow } from '../store.ts';

/** The way to the bridge takes its time too: an undo that comes too late is worse than none that is offered. */
const MARGIN_MS = 250;

export type PendingRemoval = OutboxRow & { operation: RemoveOperation };

/**
 * Removals that can be taken back, the newest first.
 * @param outbox oldest first; a row that stands in it twice counts once, as it stands first
 * @param now milliseconds since 1970
 */
export function undoableRemovals(outbox: readonly OutboxRow[], now: number): PendingRemoval[] {
  const rows = new Map<string, PendingRemoval>();
  for (const row of outbox) {
    const { id, operation, failed } = row;
    if (failed !== null || !isRemoval(operation) || rows.has(id) || now >= endOf(row)) continue;
    rows.set(id, { ...row, operation });
  }
  return [...rows.values()].sort((a, b) => b.created - a.created);
}

/** Until when a removal can be taken back; milliseconds since 1970. */
export function endOf({ created }: OutboxRow): number {
  return created + UNDO_TIME - MARGIN_MS;
}
