/** What stands in the way of true numbers, and what mends it. Pure but for the words. */
import { momentOf } from './dates.ts';
import type { Account, AccountStatus, ErrorCode } from './model.ts';
import type { Link } from './store.ts';
import { errorText, language, t } from './text.ts';

/** A woken background or a restarted bridge is back within this; a word that flashes by is worse than none. */
const QUIETLY_MS = 3000;

export interface Trouble {
  /** Names the trouble from one render to the next. */
  key: string;
  sentence: string;
  advice: string;
  /** `check`: trying again may do. `options`: it is mended there. null: wait. */
  remedy: 'check' | 'options' | null;
  /** Only the user can mend it. */
  needsYou: boolean;
}

/** Between browser and bridge; null when nothing is wrong, or nothing is set up yet. */
export function linkTrouble(link: Link | null, now: number): Trouble | null {
  if (!link || link.state === 'ready') return null;
  if (link.state === 'unpaired') return link.code ? trouble('link', link.code, 'options', true) : null;
  if (link.state === 'refused') return trouble('link', link.code ?? 'bridge-unknown', 'options', true);
  if (now - link.since < QUIETLY_MS) return null;
  if (link.state === 'connecting')
    return { key: 'link', sentence: t('connecting'), advice: '', remedy: null, needsYou: false };
  return trouble('link', link.code ?? 'bridge-unreachable', 'check', false);
}

/** Of each account whose number may be old, in the given order. Silent while the bridge itself is away. */
export function accountTroubles(
  accounts: readonly Account[],
  statuses: ReadonlyMap<string, AccountStatus>,
  link: Link | null,
  now: number,
): Trouble[] {
  if (link?.state !== 'ready') return [];
  return accounts.flatMap((account) => {
    const status = statuses.get(account.id);
    if (!status?.code || status.state === 'fresh' || status.state === 'off') return [];
    const needsYou = status.state === 'needs-you';
    const found = trouble(account.id, status.code, needsYou ? 'options' : 'check', needsYou);
    const sentence = accounts.length > 1 ? t('trouble_of', account.name, found.sentence) : found.sentence;
    const retry = status.retryAt !== null && status.retryAt > now;
    const advice = retry && !needsYou ? t('next_try', momentOf(status.retryAt ?? now, now, language())) : found.advice;
    return [{ ...found, sentence, advice }];
  });
}

function trouble(key: string, code: ErrorCode, remedy: Trouble['remedy'], needsYou: boolean): Trouble {
  return { key, ...errorText(code), remedy, needsYou };
}
