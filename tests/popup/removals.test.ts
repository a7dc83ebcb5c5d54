/** Star, archive, trash, spam and undo, by key, by mouse and by finger. */
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Intent } from '../../src/intents.ts';
import { type Folder, type RemoveOperation, UNDO_TIME } from '../../src/model.ts';
import { inbox, message, oneAccount, status } from '../support/pages/content.ts';
import {
  inspect,
  type OpenOptions,
  type OpenPage,
  type PageBrowser,
  startPageBrowser,
} from '../support/pages/page-browser.ts';
import type { Seed } from '../support/pages/seed.ts';
import { describeWith } from '../support/requirements.ts';

const ARCHIVED_FIRST: RemoveOperation = {
  kind: 'archive',
  account: 'work',
  folder: 'INBOX',
  uidValidity: 7,
  target: { uids: [100] },
};

const folders: Folder[] = [
  { path: 'INBOX', name: 'INBOX', role: 'inbox' },
  { path: 'Junk', name: 'Junk', role: 'junk' },
  { path: 'Lists/Chess', name: 'Chess', role: null },
];

describeWith('chromium', 'acting on messages', () => {
  let browser: PageBrowser;
  let open: OpenPage;
  beforeAll(async () => {
    browser = await startPageBrowser('popup');
  });
  afterAll(() => browser?.close());

  async function start(content: Seed, options?: OpenOptions): Promise<Page> {
    open = await browser.open(content, options);
    await open.page.waitForSelector('.message');
    return open.page;
  }
  const subjects = (page: Page) => page.$$eval('.subject', (all) => all.map((one) => one.textContent ?? ''));
  const gone = (page: Page, subject: string) =>
    page.waitForFunction(
      (text) => ![...document.querySelectorAll('.subject')].some((one) => one.textContent === text),
      {},
      subject,
    );
  const back = (page: Page, subject: string) =>
    page.waitForFunction(
      (text) => [...document.querySelectorAll('.subject')].some((one) => one.textContent === text),
      {},
      subject,
    );
  const focused = (page: Page) =>
    page.evaluate(
      () =>
        document.activeElement?.closest('.row')?.querySelector('.subject')?.textContent ??
        document.activeElement?.tagName,
    );
  const bar = (page: Page) =>
    page.$eval('.undo', (element) => (element as HTMLElement).innerText.replaceAll(/\s+/g, ' '));
  const barSays = (page: Page, words: string) =>
    page.waitForFunction(
      (text) => (document.querySelector('.undo') as HTMLElement).innerText.replaceAll(/\s+/g, ' ').includes(text),
      {},
      words,
    );
  const said = (page: Page) => page.$eval('.hidden[role=status]', (live) => live.textContent);
  /** What was asked for by acting; an open row asks for its message, which is no act. */
  const sent = async () =>
    ((await open.intents()) as Intent[])
      .filter(({ type }) => type !== 'open-message' && type !== 'forget')
      .map((intent) => (intent.type === 'operate' ? intent.operation : { type: intent.type }));

  it.each([
    ['e', 'archive', 'Archived'],
    ['#', 'trash', 'Moved to trash'],
    ['!', 'spam', 'Marked as spam'],
  ] as const)('%s: the row goes at once, the next one has the focus, the bar offers undo', async (key, kind, words) => {
    const page = await start(oneAccount());
    await page.evaluate(() => recorder.receipts.push('silent'));
    await page.keyboard.press('j');
    await page.keyboard.press(key);
    // The background has said nothing at all yet.
    await gone(page, 'Dinner on Friday?');
    expect(await focused(page)).toBe('Build 1482 has failed');
    expect(await page.$eval('h1', (h1) => h1.textContent)).toBe('3 unread');
    expect(await bar(page)).toBe(`${words} Dinner on Friday? Undo`);
    expect(await page.$eval('.undo', (element) => element.getAttribute('role'))).toBe('status');
    expect(await sent()).toEqual([{ ...ARCHIVED_FIRST, kind }]);
    await open.close();
  });

  it('stars and takes the star off again, and says so', async () => {
    const page = await start(oneAccount());
    await page.keyboard.press('j');
    await page.keyboard.press('s');
    await page.waitForSelector('.message:first-child .star');
    expect(await said(page)).toBe('Starred.');
    await page.keyboard.press('s');
    await page.waitForFunction(() => !document.querySelector('.message:first-child .star'));
    expect(await said(page)).toBe('Star removed.');
    expect(await sent()).toMatchObject([
      { kind: 'star', target: { uids: [100] } },
      { kind: 'unstar', target: { uids: [100] } },
    ]);
    expect(await bar(page)).toBe('');
    await open.close();
  });

  it('brings a row back in its place, with the focus, by key', async () => {
    const page = await start(oneAccount());
    const before = await subjects(page);
    for (const key of ['j', 'j', 'e'] as const) await page.keyboard.press(key);
    await gone(page, 'Build 1482 has failed');
    await page.keyboard.press('z');
    await back(page, 'Build 1482 has failed');
    expect(await subjects(page)).toEqual(before);
    expect(await focused(page)).toBe('Build 1482 has failed');
    expect(await said(page)).toBe('Brought back.');
    expect(await bar(page)).toBe('');
    await page.waitForFunction(() => recorder.intents.length === 2);
    const [removal, undo] = (await open.intents()) as Intent[];
    expect(undo).toEqual({ type: 'undo', id: removal?.type === 'operate' ? removal.id : null });
    await open.close();
  });

  it('takes several back one by one, the newest first, by mouse', async () => {
    const page = await start(oneAccount());
    const before = await subjects(page);
    // Made as if in a minute: they can be taken back for as long as it takes this machine to look at them.
    const created = Date.now() + 60_000;
    const outbox = (['archive', 'trash', 'spam'] as const).map((kind, n) => ({
      id: `o${n}`,
      operation: { ...ARCHIVED_FIRST, kind, target: { uids: [100 - n] } },
      created: created + n,
      failed: null,
    }));
    await open.seed({ outbox });
    await barSays(page, 'Marked as spam Your account has been limited + 2');
    expect(await subjects(page)).toHaveLength(1);
    expect(await inspect(page, 'popup-undo-several')).toEqual([]);
    for (const subject of ['Your account has been limited', 'Build 1482 has failed', 'Dinner on Friday?']) {
      await page.locator('.undo button').click();
      await back(page, subject);
      expect(await focused(page)).toBe(subject);
    }
    expect(await subjects(page)).toEqual(before);
    expect(await bar(page)).toBe('');
    await open.close();
  });

  it('puts the undo after its operation, however slow the background is', async () => {
    const page = await start(oneAccount());
    await page.evaluate(() => recorder.receipts.push('silent'));
    for (const key of ['j', 'e', 'z'] as const) await page.keyboard.press(key);
    await back(page, 'Dinner on Friday?');
    expect(await sent()).toEqual([ARCHIVED_FIRST]);
    await open.close();
  });

  it('offers undo after the popup was closed and opened again, for as long as the bridge waits', async () => {
    const left = 2500;
    const outbox = [{ id: 'o', operation: ARCHIVED_FIRST, created: Date.now() - UNDO_TIME + left, failed: null }];
    const page = await start({ ...oneAccount(), outbox });
    await barSays(page, 'Archived Dinner on Friday? Undo');
    expect(await subjects(page)).not.toContain('Dinner on Friday?');
    // Nobody touches anything: it goes by itself, and the row stays away until the bridge has confirmed.
    await page.focus('.undo button');
    const end = (outbox[0]?.created ?? 0) + UNDO_TIME;
    // A clock of the page's own beside it: both are as late as this machine is.
    const late = await page.evaluate(
      (after) =>
        new Promise<boolean>((resolve) => {
          const gone = () => !document.querySelector('.undo button');
          new MutationObserver(() => gone() && resolve(false)).observe(document, { childList: true, subtree: true });
          setTimeout(() => resolve(!gone()), after - Date.now());
        }),
      end + 500,
    );
    expect(late).toBe(false);
    expect(await subjects(page)).not.toContain('Dinner on Friday?');
    expect(await focused(page)).toBe('Build 1482 has failed');
    await page.keyboard.press('z');
    expect(await sent()).toEqual([]);
    await open.close();
  });

  it('takes back what was done before the popup was closed', async () => {
    const outbox = [{ id: 'o', operation: ARCHIVED_FIRST, created: Date.now(), failed: null }];
    const page = await start({ ...oneAccount(), outbox });
    await barSays(page, 'Archived');
    await page.keyboard.press('z');
    await back(page, 'Dinner on Friday?');
    await page.waitForFunction(() => recorder.intents.length === 1);
    expect(await open.intents()).toEqual([{ type: 'undo', id: 'o' }]);
    await open.close();
  });

  it('brings the row back with the reason when it could not be done', async () => {
    const page = await start(oneAccount());
    const before = await subjects(page);
    for (const key of ['j', 'e'] as const) await page.keyboard.press(key);
    await gone(page, 'Dinner on Friday?');
    await open.seed({
      outbox: [{ id: 'o', operation: ARCHIVED_FIRST, created: Date.now(), failed: 'folder-missing' }],
    });
    await back(page, 'Dinner on Friday?');
    expect(await subjects(page)).toEqual(before);
    expect(await focused(page)).toBe('Build 1482 has failed');
    const alert = await page.$eval('[role=alert]', (element) => (element as HTMLElement).innerText);
    expect(alert).toContain('Archiving did not work. The mail server has no such folder.');
    expect(await bar(page)).toBe('');
    expect(await inspect(page, 'popup-removal-failed')).toEqual([]);
    await open.close();
  });

  it('keeps the keyboard in the page when the last row goes', async () => {
    const page = await start({ ...oneAccount(), messages: inbox('work').slice(0, 1), statuses: [status('work', 1)] });
    for (const key of ['j', 'e'] as const) await page.keyboard.press(key);
    await page.waitForFunction(() => document.activeElement?.textContent === 'Nothing unread');
    expect(await inspect(page, 'popup-undo-last')).toEqual([]);
    await page.keyboard.press('z');
    await back(page, 'Dinner on Friday?');
    expect(await focused(page)).toBe('Dinner on Friday?');
    await open.close();
  });

  it('acts by the buttons that come under the pointer, and nothing moves when they come', async () => {
    const page = await start(oneAccount());
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.message, .row > *, .row-buttons, .row-buttons > *')].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return [x, y, width, height];
        }),
      );
    const before = await places();
    await page.hover('.message:nth-child(2)');
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector('.message:nth-child(2) .row-buttons') as Element).opacity === '1',
    );
    expect(await places()).toEqual(before);
    expect(await page.evaluate(() => document.body.scrollWidth <= innerWidth)).toBe(true);
    expect(await inspect(page, 'popup-hover')).toEqual([]);

    await page.locator('.message:nth-child(2) button[aria-label="Star"]').click();
    await page.waitForSelector('.message:nth-child(2) .star');
    await page.locator('.message:nth-child(2) button[aria-label="Archive"]').click();
    await barSays(page, 'Archived Build 1482 has failed');
    await page.locator('.message:first-child button[aria-label="Move to trash"]').click();
    await barSays(page, 'Moved to trash Dinner on Friday?');
    expect(await sent()).toMatchObject([
      { kind: 'star', target: { uids: [99] } },
      { kind: 'archive', target: { uids: [99] } },
      { kind: 'trash', target: { uids: [100] } },
    ]);
    await open.close();
  });

  it('is reached by Tab, with names that say which message', async () => {
    const page = await start(oneAccount());
    await page.keyboard.press('j');
    const names: unknown[] = [];
    for (let n = 0; n < 4; n++) {
      await page.keyboard.press('Tab');
      names.push(
        await page.evaluate(() => {
          const button = document.activeElement;
          const shown = button?.parentElement && getComputedStyle(button.parentElement).opacity;
          const about = document.getElementById(button?.getAttribute('aria-describedby') ?? '')?.textContent;
          return [button?.getAttribute('aria-label'), about, shown];
        }),
      );
    }
    expect(names).toEqual(
      ['Star', 'Archive', 'Move to trash', 'Mark as read'].map((name) => [name, 'Dinner on Friday?', '1']),
    );
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.list'))).toBeNull();
    await page.keyboard.press('j');
    expect(await inspect(page, 'popup-focus')).toEqual([]);
    await open.close();
  });

  it('acts by the worded buttons of an open row, and goes on to the next row', async () => {
    const page = await start(oneAccount());
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.worded-buttons');
    const words = await page.$$eval('.worded-buttons button', (all) => all.map((one) => one.textContent));
    expect(words).toEqual(['Mark as read', 'Star', 'Archive', 'Move to trash', 'Spam']);
    expect(await inspect(page, 'popup-worded-buttons')).toEqual([]);
    await page.locator('.worded-buttons button::-p-text(Spam)').click();
    await barSays(page, 'Marked as spam Dinner on Friday?');
    expect(await focused(page)).toBe('Build 1482 has failed');
    expect(await sent()).toEqual([{ ...ARCHIVED_FIRST, kind: 'spam' }]);
    await open.close();
  });

  it('works with a finger: nothing hides, nothing is small', async () => {
    const page = await start(oneAccount(), { touch: true, width: 360, tab: true });
    expect(await page.evaluate(() => matchMedia('(hover: none)').matches)).toBe(true);
    await page.tap('.message:nth-child(2) .row');
    await page.waitForSelector('.worded-buttons');
    const sizes = await page.$$eval('.worded-buttons button, .mark', (all) =>
      all.map((one) => Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height)),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(40);
    expect(await page.evaluate(() => document.body.scrollWidth <= innerWidth)).toBe(true);
    expect(await inspect(page, 'popup-touch')).toEqual([]);
    await page.tap('.worded-buttons button:nth-of-type(3)');
    await barSays(page, 'Archived Build 1482 has failed');
    await page.tap('.undo button');
    await back(page, 'Build 1482 has failed');
    await open.close();
  });

  it('offers only what the account can do, and says so where a key cannot', async () => {
    const can = { flags: 'local', folders: false, push: false, move: false } as const;
    const page = await start({ ...oneAccount(), statuses: [status('work', 4, { can })] });
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.waitForFunction(() => document.body.textContent?.includes('This cannot be done here.'));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.worded-buttons');
    expect(await page.$$eval('.worded-buttons button', (all) => all.map((one) => one.textContent))).toEqual([
      'Mark as read',
      'Star',
    ]);
    expect(await sent()).toEqual([]);
    await open.close();
  });

  it('tells the folder of what is not in the inbox, and knows the way out of spam', async () => {
    const elsewhere = (uid: number, folder: string, subject: string) =>
      message('work', uid, { folder, subject, date: Date.now() - uid * 1000 });
    const page = await start({
      ...oneAccount(),
      folders: [{ account: 'work', folders }],
      messages: [
        elsewhere(1, 'INBOX', 'Here'),
        elsewhere(2, 'Lists/Chess', 'A club’s subject that is longer than the row has room for, and goes on'),
        elsewhere(3, 'Junk', 'Cheap watches'),
      ],
    });
    expect(
      await page.$$eval('.second', (all) => all.map((one) => one.querySelector('.folder')?.textContent ?? null)),
    ).toEqual([null, 'Chess', 'Spam']);
    for (const key of ['j', 'j', 'j'] as const) await page.keyboard.press(key);
    expect(await inspect(page, 'popup-folders')).toEqual([]);
    await page.keyboard.press('!');
    await barSays(page, 'Not spam Cheap watches');
    expect(await sent()).toMatchObject([{ kind: 'not-spam', folder: 'Junk' }]);
    await open.close();
  });

  it('brings a row back when the background refuses its removal', async () => {
    const page = await start(oneAccount());
    await page.evaluate(() => recorder.receipts.push('too-many'));
    for (const key of ['j', 'e'] as const) await page.keyboard.press(key);
    await page.waitForFunction(() => document.body.innerText.includes('That was too much at once.'));
    await back(page, 'Dinner on Friday?');
    expect(await bar(page)).toBe('');
    await open.close();
  });
});
