import type { JSX } from 'preact';
import { Icon, type IconName } from '../icon.tsx';
import type { Settings } from '../settings.ts';
import { plural, t } from '../text.ts';

interface HeaderProps {
  /** null while no account has a number. */
  unread: number | null;
  /** Since when the number may be old, in words; null when it is true. */
  asOf: string | null;
  filter: Settings['filter'];
  onFilter(filter: Settings['filter']): void;
  onAllRead: (() => void) | null;
  onCheck: (() => void) | null;
  onOptions(): void;
  onHelp(): void;
}

export function Header(props: HeaderProps): JSX.Element {
  return (
    <header class="top">
      <div class="count">
        <h1>{headline(props.unread)}</h1>
        {props.asOf !== null && <p>{t('as_of', props.asOf)}</p>}
      </div>
      <fieldset class="filter">
        <legend class="hidden">{t('filter_label')}</legend>
        <FilterButton {...props} value="unread" label={t('filter_unread')} />
        <FilterButton {...props} value="all" label={t('filter_all')} />
      </fieldset>
      <div class="tools">
        <Tool icon="all-read" label={t('mark_all_read')} onClick={props.onAllRead} />
        <Tool icon="check" label={t('check_now')} onClick={props.onCheck} />
        <Tool icon="options" label={t('open_options')} onClick={props.onOptions} />
        <Tool icon="help" label={t('keys_button')} onClick={props.onHelp} />
      </div>
    </header>
  );
}

/** Short: it shares its line with the buttons. */
function headline(unread: number | null): string {
  if (unread === null) return t('headline_unknown');
  return unread === 0 ? t('headline_none') : plural('unread', unread);
}

interface FilterButtonProps extends Pick<HeaderProps, 'filter' | 'onFilter'> {
  value: Settings['filter'];
  label: string;
}

function FilterButton({ value, label, filter, onFilter }: FilterButtonProps): JSX.Element {
  return (
    <button type="button" aria-pressed={filter === value} onClick={() => onFilter(value)}>
      {label}
    </button>
  );
}

/** @param props.onClick null: there is nothing to do at the moment */
function Tool({ icon, label, onClick }: { icon: IconName; label: string; onClick: (() => void) | null }): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      disabled={!onClick}
      onClick={onClick ?? undefined}
    >
      <Icon name={icon} />
    </button>
  );
}
