import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { momentOf } from '../dates.ts';
import { Live, useLive } from '../live.tsx';
import type { Message, Operation } from '../model.ts';
import type { Settings } from '../settings.ts';
import { isTrue } from '../status-text.ts';
import { language, t } from '../text.ts';
import { accountTroubles, linkTrouble } from '../troubles.ts';
import { Blank } from './blank.tsx';
import { blankReason } from './blank-reason.ts';
import { type Group, groupsOf, messageKey, totalUnread } from './groups.ts';
import { Header } from './header.tsx';
import { HelpSheet } from './help-sheet.tsx';
import { type KeyCommand, keyCommand } from './keyboard.ts';
import { markAllRead, markOne, undoAllRead } from './marks.ts';
import { MessageList } from './message-list.tsx';
import { openOptions } from './open-options.ts';
import { focusedRow, moveFocus } from './row-focus.ts';
import type { Snapshot } from './snapshot.ts';
import { StatusBar } from './status-bar.tsx';
import { useShown } from './use-filter.ts';
import { startOfDay, useNow } from './use-now.ts';
import { useOperations } from './use-operations.ts';

interface InboxProps {
  snapshot: Snapshot;
  filter: Settings['filter'];
  onFilter(filter: Settings['filter']): void;
  refresh(): Promise<void>;
}

export function Inbox({ snapshot, filter, onFilter, refresh }: InboxProps): JSX.Element {
  const now = useNow();
  const [said, say] = useLive();
  const [help, setHelp] = useState(false);
  const [undo, setUndo] = useState<Operation[] | null>(null);
  const { own, refused, operate, check } = useOperations(refresh);
  const groups = useMemo(() => groupsOf(snapshot, [...snapshot.outbox, ...own]), [snapshot, own]);
  const shown = useShown(groups, filter);

  const { link, accounts, statuses } = snapshot;
  const bridge = linkTrouble(link, now);
  const troubles = bridge ? [bridge] : accountTroubles(accounts, statuses, link, now);
  const blank = blankReason(snapshot, shown, filter, bridge !== null);

  const onMark = useCallback(
    (message: Message, seen: boolean) => {
      setUndo(null);
      operate([markOne(message, seen)]);
      say(seen ? t('said_read') : t('said_unread'));
    },
    [operate, say],
  );
  const onAllRead = useCallback(
    (which: readonly Group[]) => {
      setUndo(undoAllRead(which));
      operate(markAllRead(which));
      say(t('said_all_read'));
    },
    [operate, say],
  );
  const onUndo = () => {
    operate(undo ?? []);
    setUndo(null);
    say(t('said_unread'));
  };
  const chooseFilter = (chosen: Settings['filter']) => {
    setUndo(null);
    onFilter(chosen);
    say(chosen === 'all' ? t('said_filter_all') : t('said_filter_unread'));
  };
  const onCheck = () => {
    check();
    say(t('said_checking'));
  };
  const unread = totalUnread(groups);
  const setUp = accounts.length > 0 && link !== null && link.state !== 'unpaired';
  const allRead = unread ? () => onAllRead(groups) : null;

  const onCommand = (command: KeyCommand) => {
    const key = focusedRow();
    const message = key === null ? undefined : find(groups, key);
    switch (command) {
      case 'help':
        return setHelp(true);
      case 'filter':
        return chooseFilter(filter === 'all' ? 'unread' : 'all');
      case 'all-read':
        return allRead?.();
      case 'toggle':
        return message && onMark(message, !message.seen);
      case 'read':
      case 'unread':
        return message && message.seen !== (command === 'read') && onMark(message, command === 'read');
      default:
        return moveFocus(command);
    }
  };
  useKeys(onCommand);

  return (
    <>
      {setUp && (
        <Header
          unread={unread}
          asOf={asOfText(snapshot, bridge !== null, now)}
          filter={filter}
          onFilter={chooseFilter}
          onAllRead={allRead}
          onCheck={onCheck}
          onOptions={openOptions}
          onHelp={() => setHelp(true)}
        />
      )}
      {blank ? (
        <Blank reason={blank} alone={!setUp} onOptions={openOptions} />
      ) : (
        <MessageList
          key={filter}
          groups={shown}
          stale={bridge !== null}
          now={startOfDay(now)}
          onMark={onMark}
          onAllRead={onAllRead}
        />
      )}
      <StatusBar
        troubles={troubles}
        outbox={snapshot.outbox}
        refused={refused}
        onUndo={undo && onUndo}
        onCheck={onCheck}
        onOptions={openOptions}
      />
      <Live said={said} />
      {help && <HelpSheet onClose={() => setHelp(false)} />}
    </>
  );
}

/** The age of the oldest number that goes into the sum; null when all are true. */
function asOfText({ accounts, statuses, link }: Snapshot, stale: boolean, now: number): string | null {
  const old = accounts.flatMap((account) => {
    const status = statuses.get(account.id);
    if (!status || status.state === 'off' || status.asOf === null || status.unread === null) return [];
    return stale || (link?.state === 'ready' && !isTrue(status, link)) ? [status.asOf] : [];
  });
  return old.length === 0 ? null : momentOf(Math.min(...old), now, language());
}

function find(groups: readonly Group[], key: string): Message | undefined {
  return groups.flatMap((group) => group.messages).find((message) => messageKey(message) === key);
}

function useKeys(onCommand: (command: KeyCommand) => void): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const command = keyCommand(event);
      if (!command) return;
      event.preventDefault();
      onCommand(command);
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  });
}
