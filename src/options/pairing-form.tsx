import type { JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { t } from '../text.ts';

interface PairingFormProps {
  /** A code has been handed over and not been answered yet. */
  going: boolean;
  onPair(code: string): void;
}

export function PairingForm({ going, onPair }: PairingFormProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = field.current?.value.trim();
    if (!code || going) return;
    // The code opens the mail: it stays on the screen no longer than needed.
    if (field.current) field.current.value = '';
    onPair(code);
  };
  return (
    <form class="pairing" onSubmit={submit}>
      <ol>
        <li>
          {t('pair_step_serve')} <code>letterbox serve</code>
        </li>
        <li>
          {t('pair_step_code')} <code>letterbox pair</code>
        </li>
        <li>
          <label for={id}>{t('pair_step_paste')}</label>
          <div class="together">
            <input
              id={id}
              ref={field}
              type="password"
              autocomplete="off"
              spellcheck={false}
              required
              aria-label={t('pair_code')}
              aria-describedby={`${id}-going`}
            />
            <button type="submit" class="primary" disabled={going}>
              {t('pair_button')}
            </button>
          </div>
          <p id={`${id}-going`} class="quiet" role="status">
            {going ? t('pair_going') : ''}
          </p>
        </li>
      </ol>
    </form>
  );
}
