/** What the user asked for and did not get, until it has been read about. */
import type { JSX } from 'preact';
import { deliver } from './deliver.ts';
import { Icon } from './icon.tsx';
import type { Operation } from './model.ts';
import type { OutboxRow } from './store.ts';
import { errorText, t } from './text.ts';

export function FailedOperations({ outbox }: { outbox: readonly OutboxRow[] }): JSX.Element[] {
  return outbox.flatMap(({ id, operation, failed }) => {
    if (!failed) return [];
    const { sentence, advice } = errorText(failed);
    return [
      <div class="notice serious" role="alert" key={id}>
        <Icon name="warning" />
        <p>
          <strong>{failureText(operation)}</strong> {sentence} {advice}
        </p>
        <button type="button" onClick={() => void deliver({ type: 'dismiss', id })}>
          {t('dismiss')}
        </button>
      </div>,
    ];
  });
}

function failureText(operation: Operation): string {
  switch (operation.kind) {
    case 'seen':
      return t('failed_seen');
    case 'unseen':
      return t('failed_unseen');
    case 'star':
      return t('failed_star');
    case 'unstar':
      return t('failed_unstar');
    case 'archive':
      return t('failed_archive');
    case 'trash':
      return t('failed_trash');
    case 'spam':
      return t('failed_spam');
    case 'not-spam':
      return t('failed_not_spam');
    case 'move':
      return t('failed_move');
    case 'delete':
      return t('failed_delete');
    case 'put-account':
      return t('failed_put_account');
    case 'remove-account':
      return t('failed_remove_account');
  }
}
