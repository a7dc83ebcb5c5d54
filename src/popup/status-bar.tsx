/** At the bottom: what is wrong and what mends it, what did not work, and what can be undone. */
import type { ComponentChildren, JSX } from 'preact';
import { FailedOperations } from '../failed-operations.tsx';
import { Icon } from '../icon.tsx';
import type { ErrorCode } from '../model.ts';
import type { OutboxRow } from '../store.ts';
import { errorText, plural, t } from '../text.ts';
import type { Trouble } from '../troubles.ts';
import { UndoBar } from './undo-bar.tsx';
import type { PendingRemoval } from './undoable.ts';

/** More would push the list out of the popup; the rest is counted. The options name all, with what to do. */
const SHOWN_TROUBLES = 2;

interface StatusBarProps {
  troubles: readonly Trouble[];
  outbox: readonly OutboxRow[];
  removals: readonly PendingRemoval[];
  /** The subject of the message that was removed last; null where it is not known. */
  removedSubject: string | null;
  onUndoRemoval(removal: PendingRemoval): void;
  /** An act of this page that the background has not taken. */
  refused: ErrorCode | null;
  /** Takes back "mark all read"; null when there is nothing to take back. */
  onUndoAllRead: (() => void) | null;
  onCheck(): void;
  onOptions(): void;
}

export function StatusBar(props: StatusBarProps): JSX.Element {
  const { troubles, outbox, refused, removals, removedSubject, onUndoRemoval, onUndoAllRead, onCheck, onOptions } =
    props;
  const rest = troubles.length - SHOWN_TROUBLES;
  const more = plural('more_troubles', rest);
  return (
    <footer class="status">
      {refused && <RefusedNotice code={refused} />}
      <FailedOperations outbox={outbox} />
      <UndoBar removals={removals} subject={removedSubject} onUndo={onUndoRemoval} />
      {onUndoAllRead && (
        <Notice weight="calm" button={t('undo')} onClick={onUndoAllRead}>
          {t('said_all_read')}
        </Notice>
      )}
      {troubles.slice(0, SHOWN_TROUBLES).map((trouble) => (
        <Notice
          key={trouble.key}
          weight={trouble.needsYou ? 'serious' : trouble.remedy ? 'mild' : 'calm'}
          button={trouble.remedy === 'check' ? t('try_again') : trouble.remedy === 'options' ? t('mend') : null}
          onClick={trouble.remedy === 'check' ? onCheck : onOptions}
        >
          <strong>{trouble.sentence}</strong> {troubles.length === 1 && trouble.advice}
        </Notice>
      ))}
      {rest > 0 && (
        <Notice weight="mild" button={t('mend')} onClick={onOptions}>
          {more}
        </Notice>
      )}
    </footer>
  );
}

interface NoticeProps {
  weight: 'calm' | 'mild' | 'serious';
  button: string | null;
  onClick(): void;
  children: ComponentChildren;
}

function Notice({ weight, button, onClick, children }: NoticeProps): JSX.Element {
  return (
    <div class={`notice ${weight}`}>
      {weight !== 'calm' && <Icon name="warning" />}
      <p>{children}</p>
      {button !== null && (
        <button type="button" onClick={onClick}>
          {button}
        </button>
      )}
    </div>
  );
}

function RefusedNotice({ code }: { code: ErrorCode }): JSX.Element {
  const { sentence, advice } = errorText(code);
  return (
    <div class="notice serious" role="alert">
      <Icon name="warning" />
      <p>
        <strong>{sentence}</strong> {advice}
      </p>
    </div>
  );
}
