/** Offers to take back the newest removal, for as long as the bridge waits with it. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { plural, t } from '../text.ts';
import { removedText } from './act-text.ts';
import { enterRows } from './row-focus.ts';
import type { PendingRemoval } from './undoable.ts';

interface UndoBarProps {
  /** The newest first. */
  removals: readonly PendingRemoval[];
  /** The subject of the only message of the newest one; null where there are several, or it is not known. */
  subject: string | null;
  onUndo(removal: PendingRemoval): void;
}

export function UndoBar({ removals, subject, onUndo }: UndoBarProps): JSX.Element {
  const bar = useRef<HTMLDivElement>(null);
  const [newest] = removals;
  const hadFocus = bar.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    // The time is over while the focus is on the button: back to where the rows are.
    if (hadFocus && !newest) enterRows();
  });
  const more = removals.length - 1;
  return (
    <div class="undo" role="status" ref={bar}>
      {newest && (
        <div class="notice calm" key={newest.id}>
          <p>
            <strong>{removedText(newest.operation.kind)}</strong>{' '}
            <bdi>{subject ?? plural('messages', newest.operation.target.uids.length)}</bdi>
          </p>
          {more > 0 && <span class="undo-more">{plural('undo_more', more)}</span>}
          <button
            type="button"
            aria-keyshortcuts="Z"
            title={t('with_key', t('undo'), 'Z')}
            onClick={() => onUndo(newest)}
          >
            {t('undo')}
          </button>
        </div>
      )}
    </div>
  );
}
