/** How this browser shows things. Kept in storage.local; anything unreadable there counts as the default. */
import browser from 'webextension-polyfill';

export interface Settings {
  /** What the popup's list shows. */
  filter: 'unread' | 'all';
}

const DEFAULTS: Settings = { filter: 'unread' };
const KEY = 'settings';

export async function readSettings(): Promise<Settings> {
  const stored: unknown = (await browser.storage.local.get(KEY))[KEY];
  if (typeof stored !== 'object' || stored === null) return DEFAULTS;
  const filter = 'filter' in stored && stored.filter === 'all' ? 'all' : DEFAULTS.filter;
  return { filter };
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  await browser.storage.local.set({ [KEY]: { ...(await readSettings()), ...change } });
}
