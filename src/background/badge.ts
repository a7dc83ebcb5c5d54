/** What stands on the toolbar button. `badgeOf` thinks, `paintBadge` shows. */
import browser from 'webextension-polyfill';
import { expectedUnread } from '../counting.ts';
import type { Account, AccountStatus, Message } from '../model.ts';
import { linkLine, statusLine } from '../status-text.ts';
import type { Link, OutboxRow } from '../store.ts';
import { errorText } from '../text.ts';

/** Four narrow characters fit on a badge, and one of them may be the mark. */
const MOST_SHOWN = 99;
/** A restarted bridge or a woken worker is back within this; nobody should see the badge blink. */
export const GRACE = 3_000;

/** `fresh`: true. `old`: the last good number, dimmed. `needs-you`: only the user can mend it. `idle`: not set up. */
export type BadgeLook = 'fresh' | 'old' | 'needs-you' | 'idle';

export interface Badge {
  text: string;
  look: BadgeLook;
  tooltip: string;
}

export interface BadgeFacts {
  accounts: readonly Account[];
  statuses: readonly AccountStatus[];
  outbox: readonly OutboxRow[];
  link: Link | null;
  /** Cached rows of the accounts that the outbox is about to change. Never counted. */
  rows: readonly Message[];
  now: number;
}

/** The badge for what is known. Pure. */
export function badgeOf(facts: BadgeFacts): Badge {
  const { accounts, link, now } = facts;
  if (!link || link.state === 'unpaired') return { text: '', look: 'idle', tooltip: linkLine(link) ?? '' };
  const statuses = new Map(facts.statuses.map((status) => [status.account, status]));
  const shown = accounts.flatMap((account) => {
    const status = statuses.get(account.id);
    return status && status.state !== 'off'
      ? [{ ...status, unread: expectedUnread(status, facts.outbox, facts.rows) }]
      : [];
  });
  const known = shown.filter((status) => status.unread !== null);
  const sum = known.reduce((total, status) => total + (status.unread ?? 0), 0);
  const look = lookOf(shown, link, now);
  const lines = accounts.map((account) => {
    const status = shown.find((one) => one.account === account.id);
    return statusLine(account, status, duringGrace(link, now) ? { ...link, state: 'ready' } : link, now);
  });
  const trouble = duringGrace(link, now) ? null : linkLine(link);
  return {
    text: accounts.length === 0 ? (look === 'needs-you' ? '!' : '') : textOf(known.length > 0 ? sum : null, look),
    look,
    tooltip: [...(trouble ? [trouble] : []), ...lines].join('\n'),
  };
}

/** The badge where nothing can be read: an empty one would say that there is nothing unread. */
export function brokenBadge(): Badge {
  const { sentence, advice } = errorText('storage-failed');
  return { text: '!', look: 'needs-you', tooltip: `${sentence} ${advice}` };
}

function lookOf(shown: readonly AccountStatus[], link: Link, now: number): BadgeLook {
  if (
    link.state === 'refused' ||
    link.code === 'storage-failed' ||
    shown.some((status) => status.state === 'needs-you')
  )
    return 'needs-you';
  if (link.state !== 'ready' && !duringGrace(link, now)) return 'old';
  return shown.some((status) => status.state === 'old') ? 'old' : 'fresh';
}

function duringGrace(link: Link, now: number): boolean {
  // What only the user can mend does not pass by itself.
  if (link.code === 'storage-failed') return false;
  return (link.state === 'connecting' || link.state === 'lost') && now - link.since < GRACE;
}

/** @param sum null while no account has ever been counted */
function textOf(sum: number | null, look: BadgeLook): string {
  if (sum === null) return look === 'needs-you' ? '!' : '…';
  const number = sum > MOST_SHOWN ? `${MOST_SHOWN}+` : String(sum);
  if (look === 'old') return `${number}?`;
  if (look === 'needs-you') return sum === 0 ? '!' : `${number}!`;
  return sum === 0 ? '' : number;
}

/** White on each of these passes 4.5:1 (WCAG 2.2, 1.4.3). */
const COLOURS: Record<BadgeLook, string> = {
  fresh: '#1f5fbf',
  old: '#6b6f76',
  'needs-you': '#b3261e',
  idle: '#6b6f76',
};

/** Puts the badge on the toolbar button of every window. */
export async function paintBadge(badge: Badge): Promise<void> {
  const dim = badge.look === 'old' || badge.look === 'idle' ? '-dim' : '';
  await Promise.all([
    browser.action.setBadgeText({ text: badge.text }),
    browser.action.setBadgeBackgroundColor({ color: COLOURS[badge.look] }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title: badge.tooltip }),
    browser.action.setIcon({ path: { 16: `/icons/icon${dim}-16.png`, 32: `/icons/icon${dim}-32.png` } }),
  ]);
}
