import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { momentOf } from '../dates.ts';
import { Live, useLive } from '../live.tsx';
import type { Message } from '../model.ts';
import type { Settings } from '../settings.ts';
import { isTrue } from '../status-text.ts';
import { language, t } from '../text.ts';
import { accountTroubles, linkTrouble } from '../troubles.ts';
import { actOfKey } from './acts.ts';
import { Blank } from './blank.tsx';
import { blankReason } from './blank-reason.ts';
import { findRow, groupsOf, removalsOf, totalUnread } from './groups.ts';
import { Header } from './header.tsx';
import { HelpSheet } from './help-sheet.tsx';
import { type KeyCommand, keyCommand } from './keyboard.ts';
import { messageKey } from './message-key.ts';
import { MessageList } from './message-list.tsx';
import { openOptions } from './open-options.ts';
import { focusedRow, moveFocus } from './row-focus.ts';
import type { Snapshot } from './snapshot.ts';
import { StatusBar } from './status-bar.tsx';
import type { PendingRemoval } from './undoable.ts';
import { useActs } from './use-acts.ts';
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
  const operations = useOperations(snapshot.outbox, refresh);
  const { outbox, refused, check } = operations;
  const acts = useActs(operations, outbox, say);
  const groups = useMemo(() => groupsOf(snapshot, outbox), [snapshot, outbox]);
  const shown = useShown(groups, filter);

  const { link, accounts, statuses } = snapshot;
  const bridge = linkTrouble(link, now);
  const troubles = bridge ? [bridge] : accountTroubles(accounts, statuses, link, now);
  const blank = blankReason(snapshot, shown, filter, bridge !== null);
  useFocusOnBlank(blank !== null);

  const chooseFilter = (chosen: Settings['filter']) => {
    acts.forgetAllRead();
    onFilter(chosen);
    say(chosen === 'all' ? t('said_filter_all') : t('said_filter_unread'));
  };
  const onCheck = () => {
    check();
    say(t('said_checking'));
  };
  const unread = totalUnread(groups);
  const setUp = accounts.length > 0 && link !== null && link.state !== 'unpaired';
  const allRead = unread ? () => acts.allRead(groups) : null;
  const [newest] = acts.removals;

  const onCommand = (command: KeyCommand) => {
    switch (command) {
      case 'help':
        return setHelp(true);
      case 'filter':
        return chooseFilter(filter === 'all' ? 'unread' : 'all');
      case 'all-read':
        return allRead?.();
      case 'undo':
        return newest ? acts.undoRemoval(newest) : acts.undoAllRead?.();
      case 'next':
      case 'previous':
      case 'first':
      case 'last':
        return moveFocus(command);
      default: {
        const key = focusedRow();
        const row = key === null ? null : findRow(groups, key);
        if (!row) return;
        const act = actOfKey(command, row.message, removalsOf(row.group, row.message));
        if (act === 'unsupported') say(t('said_unsupported'));
        else if (act) acts.act(act, row.message);
      }
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
          onAct={acts.act}
          onAllRead={acts.allRead}
        />
      )}
      <StatusBar
        troubles={troubles}
        outbox={snapshot.outbox}
        refused={refused}
        removals={acts.removals}
        removedSubject={newest ? subjectOf(newest, snapshot.messages) : null}
        onUndoRemoval={acts.undoRemoval}
        onUndoAllRead={acts.undoAllRead}
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

/** The subject of the only message that was removed; null where there are several, or it is not cached. */
function subjectOf({ operation }: PendingRemoval, messages: readonly Message[]): string | null {
  const [uid, ...others] = operation.target.uids;
  if (uid === undefined || others.length > 0) return null;
  const key = messageKey({ ...operation, uid });
  const message = messages.find((one) => one.uid === uid && messageKey(one) === key);
  return message ? message.subject || t('no_subject') : null;
}

/** When the last row goes away under the focus, what stands in the list's place takes it. */
function useFocusOnBlank(blank: boolean): void {
  // Asked before what is drawn now replaces it.
  const inList = document.activeElement?.closest('.list') != null;
  useLayoutEffect(() => {
    if (inList && blank) document.querySelector<HTMLElement>('.blank :is(h1, h2)')?.focus();
  });
}

function useKeys(onCommand: (command: KeyCommand) => void): void {
  // Before anything is painted: a key may follow at once.
  useLayoutEffect(() => {
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
