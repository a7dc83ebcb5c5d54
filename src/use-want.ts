/** Following a want: its row, or that its time is over. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Area, newWant, readWant, type Store, type Want } from './store.ts';
import { useStore } from './use-store.ts';

const AREAS: readonly Area[] = ['wants'];

/** A want whose row never appears has died with the background; one that does has a deadline of its own. */
const ROW_WITHIN_MS = 15_000;

/** @param id null: none is followed. @param kind of the want, for one whose row never comes */
export function useWant(id: string | null, kind: Want['kind']): Want | null {
  const read = useCallback(
    async (store: Store): Promise<Want | null> => (id === null ? null : ((await readWant(store, id)) ?? null)),
    [id],
  );
  const { value } = useStore(read, AREAS);
  // The view may still hold the want that was followed before.
  const row = value?.id === id ? value : null;
  const late = useLate(id, row);
  if (id === null) return null;
  if (!late) return row;
  return { ...(row ?? newWant(id, kind, 0)), state: 'failed', code: 'timed-out' };
}

/** Whether an open want's time is over: the background may have died and cannot say so. */
function useLate(id: string | null, row: Want | null): boolean {
  const [late, setLate] = useState<string | null>(null);
  const deadline = row?.deadline;
  const open = !row || row.state === 'open';
  useEffect(() => {
    if (id === null || !open) return;
    const wait = deadline === undefined ? ROW_WITHIN_MS : Math.max(0, deadline - Date.now());
    const timer = setTimeout(() => setLate(id), wait);
    return () => clearTimeout(timer);
  }, [id, open, deadline]);
  return id !== null && open && late === id;
}
