import type { JSX, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';
import type { Security } from '../model.ts';
import { t } from '../text.ts';
import type { Draft } from './account-draft.ts';

type Field = Exclude<keyof Draft, 'touched'>;

interface AccountFieldsProps {
  draft: Draft;
  password: string;
  /** The bridge has a password for this account. */
  stored: boolean;
  /** And it may be used with what is typed. */
  bound: boolean;
  disabled: boolean;
  onType<Name extends Field>(field: Name, value: Draft[Name]): void;
  onPassword(password: string): void;
}

export function AccountFields(props: AccountFieldsProps): JSX.Element {
  const { draft, password, stored, bound, disabled, onType, onPassword } = props;
  const id = useId();
  const text = (field: Exclude<Field, 'security'>) => ({
    id: `${id}-${field}`,
    value: draft[field],
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onType(field, event.currentTarget.value),
  });
  return (
    <>
      <fieldset disabled={disabled}>
        <legend>{t('form_person')}</legend>
        <div class="field">
          <label for={`${id}-address`}>{t('form_address')}</label>
          <input {...text('address')} type="email" autocomplete="email" maxLength={320} required />
        </div>
        <div class="field">
          <label for={`${id}-password`}>{t('form_password')}</label>
          <input
            id={`${id}-password`}
            type="password"
            autocomplete="current-password"
            maxLength={10000}
            required={!bound}
            value={password}
            onInput={(event) => onPassword(event.currentTarget.value)}
            aria-describedby={`${id}-password-hint`}
          />
          <p id={`${id}-password-hint`} class={stored && !bound ? 'hint caution' : 'hint'} aria-live="polite">
            {stored ? (bound ? t('form_password_keep') : t('form_password_needed')) : t('form_password_hint')}
          </p>
        </div>
        <div class="field">
          <label for={`${id}-name`}>{t('form_name')}</label>
          <input
            {...text('name')}
            type="text"
            autocomplete="off"
            maxLength={200}
            aria-describedby={`${id}-name-hint`}
          />
          <p id={`${id}-name-hint`} class="hint">
            {t('form_name_hint')}
          </p>
        </div>
      </fieldset>
      <fieldset disabled={disabled}>
        <legend>{t('form_server')}</legend>
        <div class="field">
          <label for={`${id}-user`}>{t('form_user')}</label>
          <input {...text('user')} type="text" autocomplete="username" maxLength={320} spellcheck={false} required />
        </div>
        <div class="field wide">
          <label for={`${id}-host`}>{t('form_host')}</label>
          <input
            {...text('host')}
            type="text"
            autocomplete="off"
            maxLength={253}
            spellcheck={false}
            pattern="\S+"
            required
          />
        </div>
        <div class="field">
          <label for={`${id}-security`}>{t('form_security')}</label>
          <select
            id={`${id}-security`}
            value={draft.security}
            onChange={(event) => onType('security', event.currentTarget.value as Security)}
          >
            <option value="tls">{t('form_security_tls')}</option>
            <option value="starttls">{t('form_security_starttls')}</option>
            <option value="none">{t('form_security_none')}</option>
          </select>
        </div>
        <div class="field">
          <label for={`${id}-port`}>{t('form_port')}</label>
          <input
            {...text('port')}
            class="port"
            type="number"
            min={1}
            max={65535}
            step={1}
            autocomplete="off"
            required
          />
        </div>
      </fieldset>
    </>
  );
}
