import type { JSX } from 'preact';
import { momentOf } from '../dates.ts';
import type { AccountStatus, Folder } from '../model.ts';
import { isTrue, unreadText } from '../status-text.ts';
import type { Link } from '../store.ts';
import { errorText, language, t } from '../text.ts';
import { FolderChoice } from './folder-choice.tsx';
import type { ListedAccount } from './snapshot.ts';

interface AccountCardProps {
  account: ListedAccount;
  status: AccountStatus | undefined;
  link: Link | null;
  folders: readonly Folder[];
  say(text: string): void;
  onEdit(focus: 'first' | 'password'): void;
  onRemove(): void;
}

export function AccountCard({ account, status, link, folders, say, onEdit, onRemove }: AccountCardProps): JSX.Element {
  const { name, address, server } = account;
  const trouble = status && status.state !== 'fresh' && status.code ? errorText(status.code) : null;
  return (
    <div class="account">
      <div class="account-text">
        <h3>
          <bdi>{name}</bdi>
        </h3>
        {address !== name && (
          <p>
            <bdi>{address}</bdi>
          </p>
        )}
        <p class="quiet">
          <bdi>
            {server.host}:{server.port}
          </bdi>
        </p>
        <p class={status?.state === 'needs-you' ? 'account-state needs-you' : 'account-state'}>
          {account.saving ? t('account_saving') : stateText(status, link)}
        </p>
        {trouble && (
          <p>
            <strong>{trouble.sentence}</strong> {trouble.advice}
          </p>
        )}
      </div>
      <div class="buttons">
        {status?.state === 'needs-you' && (
          <button type="button" class="primary" onClick={() => onEdit('password')}>
            {t('account_retype')}
          </button>
        )}
        <button type="button" aria-label={t('account_edit_of', name)} onClick={() => onEdit('first')}>
          {t('account_edit')}
        </button>
        <button type="button" aria-label={t('account_remove_of', name)} onClick={onRemove}>
          {t('account_remove')}
        </button>
      </div>
      {status?.can.folders && folders.length > 0 && <FolderChoice account={account} folders={folders} say={say} />}
    </div>
  );
}

function stateText(status: AccountStatus | undefined, link: Link | null): string {
  if (!status || (status.unread === null && status.state === 'fresh')) return t('state_unknown');
  if (status.state === 'off') return t('state_off');
  const unread = status.unread === null ? t('unread_unknown') : unreadText(status.unread);
  if (isTrue(status, link)) return `${t('state_fresh')} · ${unread}`;
  const state = status.state === 'needs-you' ? t('state_needs_you') : t('state_old');
  const asOf = status.asOf === null ? '' : ` · ${t('as_of', momentOf(status.asOf, Date.now(), language()))}`;
  return `${state} · ${unread}${asOf}`;
}
