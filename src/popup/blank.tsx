/** What stands in the list's place when there is no row to show. */
import type { JSX } from 'preact';
import { t } from '../text.ts';

export type BlankReason =
  | 'first-start'
  | 'no-account'
  | 'no-bridge'
  | 'first-read'
  | 'nothing-unread'
  | 'nothing-unread-old'
  | 'unread-not-cached'
  | 'empty';

interface BlankProps {
  reason: BlankReason;
  /** The page has no other headline: no number stands above. */
  alone: boolean;
  onOptions(): void;
}

export function Blank({ reason, alone, onOptions }: BlankProps): JSX.Element {
  const { title, text, button } = words(reason);
  return (
    <main class="blank">
      <Picture />
      {alone ? <h1 tabIndex={-1}>{title}</h1> : <h2 tabIndex={-1}>{title}</h2>}
      <p>{text}</p>
      {button && (
        <button type="button" class="primary" onClick={onOptions}>
          {button}
        </button>
      )}
    </main>
  );
}

function words(reason: BlankReason): { title: string; text: string; button?: string } {
  switch (reason) {
    case 'first-start':
      return { title: t('first_title'), text: t('first_text'), button: t('first_button') };
    case 'no-account':
      return { title: t('no_account_title'), text: t('no_account_text'), button: t('no_account_button') };
    case 'no-bridge':
      return { title: t('no_bridge_title'), text: t('no_bridge_text') };
    case 'first-read':
      return { title: t('first_read_title'), text: t('first_read_text') };
    case 'nothing-unread':
      return { title: t('empty_unread_title'), text: t('empty_unread_text') };
    case 'nothing-unread-old':
      return { title: t('empty_unread_title'), text: t('empty_unread_old_text') };
    case 'unread-not-cached':
      return { title: t('first_read_title'), text: t('empty_unread_uncached_text') };
    case 'empty':
      return { title: t('empty_all_title'), text: t('empty_all_text') };
  }
}

function Picture(): JSX.Element {
  return (
    <svg class="picture" viewBox="0 0 96 72" width="96" height="72" aria-hidden="true">
      <rect x="22" y="4" width="52" height="46" rx="4" />
      <path d="M24 9l24 18L72 9" />
      <path class="box" d="M6 40h84v18a10 10 0 0 1-10 10H16A10 10 0 0 1 6 58z" />
      <path d="M18 40h60" />
    </svg>
  );
}
