import type { JSX } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { folderText } from '../folder-text.ts';
import type { Message } from '../model.ts';
import { plural, t } from '../text.ts';
import type { Act } from './acts.ts';
import { GroupHeader } from './group-header.tsx';
import { type Group, removalsOf } from './groups.ts';
import { messageKey } from './message-key.ts';
import { MessageRow } from './message-row.tsx';

/** A screenful twice over; the rest is drawn when one scrolls towards it, or asks for it where there are several accounts. */
const FIRST_ROWS = 20;
/** Drawn within a frame or two. */
const MORE_ROWS = 60;

interface MessageListProps {
  groups: readonly Group[];
  /** Whether the numbers are the server's own at this moment. */
  stale: boolean;
  now: number;
  onAct(act: Act, message: Message): void;
  onAllRead(groups: readonly Group[]): void;
}

export function MessageList({ groups, stale, now, onAct, onAllRead }: MessageListProps): JSX.Element {
  const [expanded, setExpanded] = useState<string | null>(null);
  const list = useRef<HTMLElement>(null);
  const several = groups.length > 1;
  const [current, onFocus] = useCurrentRow(list);
  const first = groups.find((group) => group.messages.length > 0)?.messages[0];
  const reachable = current ?? (first ? messageKey(first) : null);
  const onExpand = useCallback((message: Message) => {
    const key = messageKey(message);
    setExpanded((open) => (open === key ? null : key));
  }, []);

  return (
    <main class="list" ref={list} onFocusIn={onFocus} aria-label={t('messages_label')}>
      {groups.map((group) => (
        <section key={group.account.id}>
          {several && <GroupHeader group={group} stale={stale} onAllRead={onAllRead} />}
          <Rows count={group.messages.length} several={several} label={group.account.name}>
            {(shown) =>
              group.messages.slice(0, shown).map((message) => {
                const key = messageKey(message);
                const folder = group.folders.get(message.folder);
                return (
                  <MessageRow
                    key={key}
                    rowKey={key}
                    message={message}
                    accountName={group.account.name}
                    folderName={folder && folder.role !== 'inbox' ? folderText(folder) : null}
                    removals={removalsOf(group, message)}
                    current={key === reachable}
                    expanded={key === expanded}
                    now={now}
                    onExpand={onExpand}
                    onAct={onAct}
                  />
                );
              })
            }
          </Rows>
        </section>
      ))}
    </main>
  );
}

interface RowsProps {
  count: number;
  several: boolean;
  label: string;
  children(shown: number): JSX.Element[];
}

/** Some rows at first, more by and by. */
function Rows({ count, several, label, children }: RowsProps): JSX.Element {
  const [shown, setShown] = useState(FIRST_ROWS);
  const more = useRef<HTMLButtonElement>(null);
  const left = count - shown;

  useEffect(() => {
    const button = more.current;
    if (!button || several) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setShown((rows) => rows + MORE_ROWS);
      },
      { root: button.closest('main'), rootMargin: '1200px' },
    );
    watcher.observe(button);
    return () => watcher.disconnect();
    // Watched anew after each growth: an observer speaks only when something changes.
  }, [shown, left > 0, several]);

  return (
    <>
      <ul class="rows" aria-label={t('messages_of', label)}>
        {children(shown)}
      </ul>
      {left > 0 && (
        <button type="button" class="more" ref={more} onClick={() => setShown((rows) => rows + MORE_ROWS)}>
          {plural('show_more', left)}
        </button>
      )}
    </>
  );
}

/** The row that has, or had last, the focus. When it goes away under the focus, its neighbour takes its place. */
function useCurrentRow(list: { current: HTMLElement | null }): [string | null, (event: FocusEvent) => void] {
  const [current, setCurrent] = useState<string | null>(null);
  const place = useRef(0);
  // Asked before what is drawn now replaces it.
  const hadFocus = list.current?.contains(document.activeElement) ?? false;

  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const onFocus = useCallback((event: FocusEvent) => {
    const row = (event.target as Element).closest('.message')?.querySelector<HTMLElement>('[data-row]');
    if (row) setCurrent(row.dataset['row'] ?? null);
  }, []);

  useLayoutEffect(() => {
    if (current === null) return;
    const all = rows();
    const at = all.findIndex((row) => row.dataset['row'] === current);
    if (at >= 0) {
      place.current = at;
      return;
    }
    const neighbour = all[Math.min(place.current, all.length - 1)];
    setCurrent(neighbour?.dataset['row'] ?? null);
    if (hadFocus) neighbour?.focus();
  });
  return [current, onFocus];
}
