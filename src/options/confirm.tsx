import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../text.ts';

interface ConfirmProps {
  title: string;
  text: string;
  /** The word on the button that does it. */
  button: string;
  onConfirm(): void;
  onCancel(): void;
}

/** Asks before something that cannot be undone. Esc and Cancel leave everything as it is. */
export function Confirm({ title, text, button, onConfirm, onCancel }: ConfirmProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onCancel} aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-text`}>{text}</p>
      <div class="buttons">
        <button type="button" onClick={() => dialog.current?.close()}>
          {t('cancel')}
        </button>
        <button type="button" class="danger" onClick={onConfirm}>
          {button}
        </button>
      </div>
    </dialog>
  );
}
