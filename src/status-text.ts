/** How an account and the link stand, in one line of words: the tooltip's lines, the options page's states. */
import { momentOf } from './dates.ts';
import type { Account, AccountStatus } from './model.ts';
import type { Link } from './store.ts';
import { errorText, language, plural, t } from './text.ts';

/**
 * The line of one account. `status.unread` is shown as it is: pass the expected number where acts are under way.
 * @param status undefined until the bridge has said one
 * @param link null until the background has written one
 */
export function statusLine(
  account: Account,
  status: AccountStatus | undefined,
  link: Link | null,
  now: number,
): string {
  if (!status) return t('tooltip_account_never', account.name);
  if (status.state === 'off') return t('tooltip_account_off', account.name);
  const sentence = status.state !== 'fresh' && status.code ? errorText(status.code).sentence : null;
  if (status.unread === null)
    return sentence
      ? t('tooltip_account_never_trouble', account.name, sentence)
      : t('tooltip_account_never', account.name);
  const unread = unreadText(status.unread);
  if (isTrue(status, link)) return t('tooltip_account', account.name, unread);
  if (status.asOf === null) return t('tooltip_account', account.name, unread);
  const time = momentOf(status.asOf, now, language());
  return sentence
    ? t('tooltip_account_trouble', account.name, unread, time, sentence)
    : t('tooltip_account_old', account.name, unread, time);
}

/** What stands between the user and the bridge; null when nothing does. */
export function linkLine(link: Link | null): string | null {
  if (!link || link.state === 'unpaired') return t('tooltip_unpaired');
  if (link.state === 'ready') return null;
  if (link.code) return errorText(link.code).sentence;
  return link.state === 'connecting' ? t('tooltip_connecting') : errorText('bridge-unreachable').sentence;
}

/** "Nothing unread", "1 unread", "1,234 unread". */
export function unreadText(unread: number): string {
  return unread === 0 ? t('unread_none') : plural('unread', unread);
}

/** Whether the number is what the mail server says at this moment. */
export function isTrue(status: AccountStatus, link: Link | null): boolean {
  return status.state === 'fresh' && link?.state === 'ready';
}
