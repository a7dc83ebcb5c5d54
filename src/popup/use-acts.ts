/** What the user does in the list: done, said, and taken back. */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message, Operation } from '../model.ts';
import type { OutboxRow } from '../store.ts';
import { t } from '../text.ts';
import { type Act, isRemoveAct, operationOf } from './acts.ts';
import { markAllRead, undoAllRead } from './all-read.ts';
import type { Group } from './groups.ts';
import { messageKey } from './message-key.ts';
import { focusRow } from './row-focus.ts';
import type { PendingRemoval } from './undoable.ts';
import type { Operations } from './use-operations.ts';
import { useUndoable } from './use-undoable.ts';

export interface Acts {
  /** Removals that can be taken back, the newest first. */
  removals: PendingRemoval[];
  act(act: Act, message: Message): void;
  allRead(groups: readonly Group[]): void;
  undoRemoval(removal: PendingRemoval): void;
  /** Takes "mark all read" back; null when there is nothing to take back. */
  undoAllRead: (() => void) | null;
  /** Lets go of what "mark all read" could be taken back to. */
  forgetAllRead(): void;
}

/** @param outbox what is under way, oldest first */
export function useActs(
  { operate, undo }: Pick<Operations, 'operate' | 'undo'>,
  outbox: readonly OutboxRow[],
  say: (text: string) => void,
): Acts {
  const removals = useUndoable(outbox);
  const [before, setBefore] = useState<Operation[] | null>(null);
  const returning = useRef<string | null>(null);
  const forgetAllRead = useCallback(() => setBefore(null), []);

  useLayoutEffect(() => {
    if (returning.current === null) return;
    focusRow(returning.current);
    returning.current = null;
  });

  const act = useCallback(
    (kind: Act, message: Message) => {
      setBefore(null);
      operate([operationOf(kind, message)]);
      // Of a removal the undo bar tells.
      if (!isRemoveAct(kind)) say(saidText(kind));
    },
    [operate, say],
  );
  const allRead = useCallback(
    (groups: readonly Group[]) => {
      setBefore(undoAllRead(groups));
      operate(markAllRead(groups));
      say(t('said_all_read'));
    },
    [operate, say],
  );
  const undoRemoval = ({ id, operation }: PendingRemoval) => {
    const [uid] = operation.target.uids;
    if (uid !== undefined) returning.current = messageKey({ ...operation, uid });
    undo(id);
    say(t('said_undone'));
  };
  const takeBack = () => {
    operate(before ?? []);
    setBefore(null);
    say(t('said_unread'));
  };
  return { removals, act, allRead, undoRemoval, undoAllRead: before && takeBack, forgetAllRead };
}

function saidText(kind: Exclude<Act, 'archive' | 'trash' | 'spam' | 'not-spam'>): string {
  switch (kind) {
    case 'seen':
      return t('said_read');
    case 'unseen':
      return t('said_unread');
    case 'star':
      return t('said_starred');
    case 'unstar':
      return t('said_unstarred');
  }
}
