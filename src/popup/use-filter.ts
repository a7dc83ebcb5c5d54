/** Unread or all: remembered from one opening to the next. */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { changeSettings, readSettings, type Settings } from '../settings.ts';
import type { Group } from './groups.ts';
import { messageKey } from './message-key.ts';

type Filter = Settings['filter'];

/** undefined until it is known what was chosen last. */
export function useFilter(): [Filter | undefined, (filter: Filter) => void] {
  const [filter, setFilter] = useState<Filter>();
  useLayoutEffect(() => {
    // Without the browser's storage the popup still works, with what is usual.
    readSettings().then(
      (settings) => setFilter(settings.filter),
      () => setFilter('unread'),
    );
  }, []);
  const choose = useCallback((chosen: Filter) => {
    setFilter(chosen);
    changeSettings({ filter: chosen }).catch(() => {
      // Not remembered for the next time; nothing else is lost.
    });
  }, []);
  return [filter, choose];
}

/** What the filter lets through. A row that was shown as unread stays until the filter is chosen anew: nothing jumps. */
export function useShown(groups: readonly Group[], filter: Filter | undefined): Group[] {
  const held = useRef({ filter, keys: new Set<string>() });
  if (held.current.filter !== filter) held.current = { filter, keys: new Set() };
  const { keys } = held.current;
  if (filter === 'all') return [...groups];
  return groups.map((group) => ({
    ...group,
    messages: group.messages.filter((message) => {
      const key = messageKey(message);
      if (!message.seen) keys.add(key);
      return keys.has(key);
    }),
  }));
}
