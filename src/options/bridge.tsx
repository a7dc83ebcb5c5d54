import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import type { ErrorCode } from '../model.ts';
import type { Attempt, Link } from '../store.ts';
import { t } from '../text.ts';
import { Confirm } from './confirm.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { PairingForm } from './pairing-form.tsx';
import { PortForm } from './port-form.tsx';

interface BridgeProps {
  link: Link | null;
  say(text: string): void;
}

/** A code has been handed over and not been answered yet. Since when things stood as they did then: others are its answer. */
interface Handed {
  link: number | undefined;
  attempt: number | undefined;
}

/** What only a new pairing code mends. */
const NEEDS_CODE: readonly (ErrorCode | null)[] = [
  'pairing-code-wrong',
  'pairing-code-expired',
  'pairing-revoked',
  'bridge-unknown',
];

export function Bridge({ link, say }: BridgeProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const [handed, setHanded] = useState<Handed | null>(null);
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const state = link?.state ?? 'unpaired';
  const needsCode = state === 'unpaired' || (state === 'refused' && NEEDS_CODE.includes(link?.code ?? null));
  const attempt = link?.attempt;
  const answered = handed !== null && answerTo(handed, link);
  const going = handed !== null || (attempt !== undefined && attempt.code === null);
  /** It was said that this browser is connected, and it still is. */
  const connected = useRef(false);

  useEffect(() => {
    if (!answered) return;
    setHanded(null);
    if (answered === 'failed') return;
    connected.current = true;
    say(t('pair_done'));
    // The form that had the focus goes; who has moved on meanwhile is left alone.
    const { activeElement } = document;
    if (activeElement === document.body || activeElement?.closest('.pairing')) heading.current?.focus();
  }, [answered, say]);

  useEffect(() => {
    if (state === 'ready' || !connected.current) return;
    connected.current = false;
    say('');
  }, [state, say]);

  const onPair = async (code: string) => {
    setHanded({ link: link?.since, attempt: attempt?.since });
    setRefused(null);
    const receipt = await deliver({ type: 'pair', code });
    if (!receipt) return;
    setRefused(receipt);
    setHanded(null);
  };
  const onUnpair = async () => {
    setAsking(false);
    const receipt = await deliver({ type: 'unpair' });
    setRefused(receipt);
    connected.current = false;
    if (!receipt) say(t('unpair_done'));
    heading.current?.focus();
  };

  const code = refused ?? (going ? null : (attempt?.code ?? link?.code ?? null));
  const more = attempt && attemptText(attempt, state);
  const form = <PairingForm going={going} onPair={onPair} />;
  return (
    <section aria-labelledby="bridge">
      <div class="section-head">
        <h2 id="bridge" tabIndex={-1} ref={heading}>
          {t('bridge_title')}
        </h2>
        <span class={`state ${state}`}>{stateText(state)}</span>
      </div>
      <p class="quiet">{t('bridge_text')}</p>
      {code && <ErrorNotice code={code} />}
      {attempt?.code && !refused && more && <p>{more}</p>}
      {needsCode || going || attempt ? (
        form
      ) : (
        <>
          <p>{versionText(link)}</p>
          <details>
            <summary>{t('pair_again')}</summary>
            {form}
          </details>
        </>
      )}
      <PortForm port={link?.port ?? null} say={say} />
      {state !== 'unpaired' && (
        <button type="button" class="danger" onClick={() => setAsking(true)}>
          {t('unpair_button')}
        </button>
      )}
      {asking && (
        <Confirm
          title={t('unpair_title')}
          text={t('unpair_text')}
          button={t('unpair_confirm')}
          onConfirm={() => void onUnpair()}
          onCancel={() => setAsking(false)}
        />
      )}
    </section>
  );
}

/** What became of a code; null while it is not known. */
function answerTo(handed: Handed, link: Link | null): 'connected' | 'failed' | null {
  const { state, since, attempt } = link ?? {};
  if (attempt) return attempt.code !== null && attempt.since !== handed.attempt ? 'failed' : null;
  if (since === handed.link) return null;
  if (state === 'ready') return 'connected';
  return state === 'refused' || state === 'lost' ? 'failed' : null;
}

function attemptText({ over }: Attempt, state: Link['state']): string {
  const kept = state === 'ready' ? t('pair_kept') : '';
  return over ? kept : `${t('pair_trying')} ${kept}`;
}

function versionText(link: Link | null): string {
  if (!link) return '';
  if (!link.bridgeVersion) return t('bridge_port', link.port);
  return t('bridge_version', link.bridgeVersion, link.port);
}

function stateText(state: Link['state']): string {
  switch (state) {
    case 'unpaired':
      return t('bridge_unpaired');
    case 'connecting':
      return t('bridge_connecting');
    case 'ready':
      return t('bridge_ready');
    case 'lost':
      return t('bridge_lost');
    case 'refused':
      return t('bridge_refused');
  }
}
