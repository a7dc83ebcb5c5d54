import type { JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import type { ErrorCode } from '../model.ts';
import { DEFAULT_PORT } from '../protocol.ts';
import { t } from '../text.ts';
import { ErrorNotice } from './error-notice.tsx';

interface PortFormProps {
  /** The port that is dialled now; null before the very first start. */
  port: number | null;
  say(text: string): void;
}

export function PortForm({ port, say }: PortFormProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const id = useId();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = field.current?.valueAsNumber;
    if (!chosen) return;
    const receipt = await deliver({ type: 'set-port', port: chosen });
    setRefused(receipt);
    if (!receipt) say(t('port_done'));
  };
  return (
    <details>
      <summary>{t('port_title')}</summary>
      <form onSubmit={(event) => void submit(event)}>
        <label for={id}>{t('port_label')}</label>
        <div class="together">
          <input
            id={id}
            ref={field}
            class="port"
            type="number"
            min={1}
            max={65535}
            step={1}
            required
            defaultValue={String(port ?? DEFAULT_PORT)}
            aria-describedby={`${id}-hint`}
          />
          <button type="submit">{t('port_button')}</button>
        </div>
        <p id={`${id}-hint`} class="quiet">
          {t('port_hint', DEFAULT_PORT)}
        </p>
        {refused && <ErrorNotice code={refused} />}
      </form>
    </details>
  );
}
