import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { type TextKey, t } from '../text.ts';

const KEYS: readonly [readonly string[], TextKey][] = [
  [['J', '↓'], 'keys_next'],
  [['K', '↑'], 'keys_previous'],
  [['Home', 'End'], 'keys_ends'],
  [['Enter'], 'keys_expand'],
  [['U'], 'keys_toggle'],
  [['Shift I'], 'keys_read'],
  [['Shift U'], 'keys_unread'],
  [['S'], 'keys_star'],
  [['E'], 'keys_archive'],
  [['#'], 'keys_trash'],
  [['!'], 'keys_spam'],
  [['Z'], 'keys_undo'],
  [['Shift A'], 'keys_all_read'],
  [['F'], 'keys_filter'],
  [['?'], 'keys_help'],
  [['Esc'], 'keys_close'],
];

/** The keyboard shortcuts, over the page. Esc or the button closes it. */
export function HelpSheet({ onClose }: { onClose(): void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="help" ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <div class="help-head">
        <h2 id="help-title">{t('keys_title')}</h2>
        <button type="button" class="icon-button" aria-label={t('keys_close')} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      <dl>
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key, n) => (
                <span key={key}>
                  {n > 0 && ` ${t('keys_or')} `}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
