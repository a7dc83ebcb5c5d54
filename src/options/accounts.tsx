import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import type { Account, ErrorCode } from '../model.ts';
import { t } from '../text.ts';
import { AccountCard } from './account-card.tsx';
import { AccountForm } from './account-form.tsx';
import { Confirm } from './confirm.tsx';
import { ErrorNotice } from './error-notice.tsx';
import type { Snapshot } from './snapshot.ts';

interface AccountsProps {
  snapshot: Snapshot;
  say(text: string): void;
}

/** Which account is being typed: a new one, or one that is there. */
interface Editing {
  account: Account | null;
  focus: 'first' | 'password';
  /** It was saved just now, and its password did not reach the bridge. */
  secretLost: boolean;
}

export function Accounts({ snapshot, say }: AccountsProps): JSX.Element {
  const { accounts, statuses, folders, link } = snapshot;
  const heading = useRef<HTMLHeadingElement>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [removing, setRemoving] = useState<Account | null>(null);
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const paired = link !== null && link.state !== 'unpaired';

  const close = () => {
    setEditing(null);
    // What had the focus is gone.
    heading.current?.focus();
  };
  const remove = async (account: Account) => {
    setRemoving(null);
    const operation = { kind: 'remove-account', account: account.id } as const;
    const receipt = await deliver({ type: 'operate', id: crypto.randomUUID(), operation });
    setRefused(receipt);
    if (!receipt) say(t('remove_done', account.name));
    heading.current?.focus();
  };
  const form = (account: Account | null) => (
    <AccountForm
      key={`${account?.id} ${editing?.secretLost}`}
      account={account}
      focus={editing?.focus ?? 'first'}
      secretLost={editing?.secretLost ?? false}
      onCancel={close}
      onSaved={(saved, secretLost) => {
        setRefused(null);
        if (secretLost) return setEditing({ account: saved, focus: 'password', secretLost });
        close();
        say(t(account ? 'form_saved' : 'form_added', saved.name));
      }}
    />
  );

  return (
    <section aria-labelledby="accounts">
      <div class="section-head">
        <h2 id="accounts" tabIndex={-1} ref={heading}>
          {t('accounts_title')}
        </h2>
      </div>
      {!paired && <p class="quiet">{t('accounts_pair_first')}</p>}
      {paired && accounts.length === 0 && !editing && <p class="quiet">{t('accounts_none')}</p>}
      {refused && <ErrorNotice code={refused} />}
      <ul class="accounts">
        {accounts.map((account) => (
          <li key={account.id}>
            {editing?.account?.id === account.id ? (
              form(account)
            ) : (
              <AccountCard
                account={account}
                status={statuses.get(account.id)}
                link={link}
                folders={folders.get(account.id) ?? []}
                say={say}
                onEdit={(focus) => setEditing({ account, focus, secretLost: false })}
                onRemove={() => setRemoving(account)}
              />
            )}
          </li>
        ))}
      </ul>
      {paired &&
        (editing && editing.account === null ? (
          form(null)
        ) : (
          <button
            type="button"
            class={accounts.length === 0 ? 'primary' : undefined}
            onClick={() => setEditing({ account: null, focus: 'first', secretLost: false })}
          >
            {t('account_add')}
          </button>
        ))}
      {removing && (
        <Confirm
          title={t('remove_title', removing.name)}
          text={t('remove_text')}
          button={t('remove_confirm')}
          onConfirm={() => void remove(removing)}
          onCancel={() => setRemoving(null)}
        />
      )}
    </section>
  );
}
