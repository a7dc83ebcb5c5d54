/** Which folders of an account count, chosen from those that the server has. */
import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import { folderText } from '../folder-text.ts';
import type { Account, ErrorCode, Folder, Operation } from '../model.ts';
import { t } from '../text.ts';
import { ErrorNotice } from './error-notice.tsx';
import { countedFolders, inOrder, isUnusual } from './folder-order.ts';

interface FolderChoiceProps {
  account: Account;
  /** At least one. */
  folders: readonly Folder[];
  say(text: string): void;
}

export function FolderChoice({ account, folders, say }: FolderChoiceProps): JSX.Element {
  const counted = countedFolders(account, folders);
  // null: nothing was changed here, and what the account says is shown.
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const now = counted.join('\n');
  // Saved, refused by the bridge, or changed in another browser: from here on that is what holds.
  useEffect(() => setChosen(null), [now]);
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const id = useId();
  const shown = chosen ?? counted;
  const changed = !sameMembers(shown, counted);

  const toggle = (path: string) =>
    setChosen(shown.includes(path) ? shown.filter((other) => other !== path) : [...shown, path]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!changed || shown.length === 0) return;
    const operation: Operation = { kind: 'put-account', account: { ...plain(account), folders: [...shown] } };
    const receipt = await deliver({ type: 'operate', id: crypto.randomUUID(), operation });
    setRefused(receipt);
    if (receipt) return;
    say(t('folders_saved', account.name));
  };

  return (
    <details class="folders">
      <summary>{t('folders_title', shown.length)}</summary>
      <form onSubmit={(event) => void submit(event)}>
        <fieldset aria-describedby={`${id}-hint`}>
          <legend class="hidden">{t('folders_of', account.name)}</legend>
          {inOrder(folders).map((folder) => (
            <FolderBox
              key={folder.path}
              folder={folder}
              label={labelOf(folder, folders)}
              checked={shown.includes(folder.path)}
              onToggle={() => toggle(folder.path)}
            />
          ))}
        </fieldset>
        <p id={`${id}-hint`} class={shown.length === 0 ? 'hint caution' : 'hint'} aria-live="polite">
          {shown.length === 0 ? t('folders_none') : t('folders_hint')}
        </p>
        {refused && <ErrorNotice code={refused} />}
        <button type="submit" disabled={!changed || shown.length === 0}>
          {t('form_submit_save')}
        </button>
      </form>
    </details>
  );
}

interface FolderBoxProps {
  folder: Folder;
  label: string;
  checked: boolean;
  onToggle(): void;
}

function FolderBox({ folder, label, checked, onToggle }: FolderBoxProps): JSX.Element {
  const hint = useId();
  const unusual = isUnusual(folder);
  return (
    <div class="folder-box">
      <label>
        <input type="checkbox" checked={checked} aria-describedby={unusual ? hint : undefined} onChange={onToggle} />
        <bdi>{label}</bdi>
      </label>
      {unusual && (
        <span id={hint} class="hint">
          {t('folders_unusual')}
        </span>
      )}
    </div>
  );
}

/** By its whole path where its name alone could be another's. */
function labelOf(folder: Folder, folders: readonly Folder[]): string {
  const label = folderText(folder);
  return folders.some((other) => other !== folder && folderText(other) === label) ? folder.path : label;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

/** The account as the bridge knows it, without what only this page says of it. */
function plain({ id, protocol, name, address, user, server }: Account): Account {
  return { id, protocol, name, address, user, server };
}
