import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import type { Account, ErrorCode } from '../model.ts';
import { t } from '../text.ts';
import { useWant } from '../use-want.ts';
import { accountOf, type Draft, draftOf, sameBinding, typed } from './account-draft.ts';
import { AccountFields } from './account-fields.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { TestSteps } from './test-steps.tsx';

interface AccountFormProps {
  /** null: a new one. */
  account: Account | null;
  focus: 'first' | 'password';
  /** It was saved just now, and its password did not reach the bridge. */
  secretLost: boolean;
  onCancel(): void;
  /** @param secretLost the account is saved, its new password is not */
  onSaved(account: Account, secretLost: boolean): void;
}

/** A test under way: its want, and what will be saved when it has passed. */
interface Trial {
  want: string;
  account: Account;
  secret: string | null;
}

export function AccountForm({ account, focus, secretLost, onCancel, onSaved }: AccountFormProps): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const [id] = useState(() => account?.id ?? crypto.randomUUID());
  const [draft, setDraft] = useState<Draft>(() => draftOf(account));
  const [password, setPassword] = useState('');
  const [trial, setTrial] = useState<Trial | null>(null);
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const want = useWant(trial?.want ?? null, 'test-account');
  const wanted = accountOf(draft, id, account);
  const bound = account !== null && sameBinding(account, wanted);
  const busy = trial !== null && refused === null && want?.state !== 'failed';

  useEffect(() => {
    const field = focus === 'password' ? 'input[type=password]' : 'input';
    form.current?.querySelector<HTMLInputElement>(field)?.focus();
  }, [focus]);

  useEffect(() => {
    if (trial && want?.state === 'done') void save(trial.account, trial.secret);
  }, [trial, want?.state]);

  async function save(saved: Account, secret: string | null): Promise<void> {
    const operation = { kind: 'put-account', account: saved } as const;
    const receipt = await deliver({ type: 'operate', id: crypto.randomUUID(), operation });
    if (receipt) return setRefused(receipt);
    const lost = secret !== null && (await deliver({ type: 'set-secret', account: saved.id, secret })) !== null;
    onSaved(saved, lost);
  }

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const secret = password === '' ? null : password;
    setRefused(null);
    // A new name alone needs no server.
    if (bound && secret === null) return save(wanted, null);
    const next: Trial = { want: crypto.randomUUID(), account: wanted, secret };
    setTrial(next);
    const receipt = await deliver({ type: 'test-account', id: next.want, account: wanted, secret });
    if (receipt) setRefused(receipt);
  }

  const failure = refused ?? (want?.state === 'failed' ? (want.code ?? 'internal') : null);
  return (
    <form ref={form} class="account-form" onSubmit={(event) => void submit(event)}>
      <h3>{account ? t('form_edit_title', account.name) : t('form_add_title')}</h3>
      {secretLost && (
        <p class="notice serious" role="alert">
          {t('form_secret_lost')}
        </p>
      )}
      <AccountFields
        draft={draft}
        password={password}
        stored={account !== null}
        bound={bound}
        disabled={busy}
        onType={(field, value) => setDraft((before) => typed(before, field, value))}
        onPassword={setPassword}
      />
      {trial && (
        <TestSteps
          security={trial.account.server.security}
          passed={want?.steps ?? []}
          done={want?.state === 'done'}
          failure={failure}
        />
      )}
      {failure && !trial && <ErrorNotice code={failure} />}
      <div class="buttons">
        <button type="submit" class="primary" disabled={busy}>
          {submitText(account, bound && password === '')}
        </button>
        <button type="button" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}

function submitText(account: Account | null, nameOnly: boolean): string {
  if (!account) return t('form_submit_add');
  return nameOnly ? t('form_submit_save') : t('form_submit_edit');
}
