import type { JSX } from 'preact';
import { Icon } from '../icon.tsx';
import type { AccountState } from '../model.ts';
import { unreadText } from '../status-text.ts';
import { t } from '../text.ts';
import type { Group } from './groups.ts';

interface GroupHeaderProps {
  group: Group;
  stale: boolean;
  onAllRead(groups: readonly Group[]): void;
}

export function GroupHeader({ group, stale, onAllRead }: GroupHeaderProps): JSX.Element {
  const { account, status, unread } = group;
  const state = status?.state === 'fresh' && stale ? 'old' : status?.state;
  const label = t('mark_all_read_of', account.name);
  return (
    <div class="group">
      <h2>
        <bdi>{account.name}</bdi>
      </h2>
      {state !== 'fresh' && <StateMark state={state} />}
      <span class="group-count">{unread === null ? t('unread_unknown') : unreadText(unread)}</span>
      <button
        type="button"
        class="icon-button"
        aria-label={label}
        title={label}
        disabled={!unread}
        onClick={() => onAllRead([group])}
      >
        <Icon name="all-read" />
      </button>
    </div>
  );
}

function StateMark({ state }: { state: AccountState | undefined }): JSX.Element {
  return (
    <span class={state === 'needs-you' ? 'state needs-you' : 'state'}>
      {state === 'needs-you' && <Icon name="warning" />}
      {stateText(state)}
    </span>
  );
}

function stateText(state: AccountState | undefined): string {
  switch (state) {
    case 'fresh':
      return t('state_fresh');
    case 'old':
      return t('state_old');
    case 'needs-you':
      return t('state_needs_you');
    case 'off':
      return t('state_off');
    case undefined:
      return t('state_unknown');
  }
}
