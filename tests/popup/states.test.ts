/** What a user sees in each state of the store, and what axe finds there: nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failed, inbox, link, oneAccount, status, threeAccounts } from '../support/pages/content.ts';
import { inspect, type OpenOptions, type PageBrowser, startPageBrowser } from '../support/pages/page-browser.ts';
import type { Seed } from '../support/pages/seed.ts';
import { describeWith } from '../support/requirements.ts';

interface State {
  name: string;
  content: Seed;
  /** Words that can be read, in this order. */
  shows: string[];
  hides?: string[];
  options?: OpenOptions;
}

const lost = link({ state: 'lost', code: 'bridge-unreachable' });
const nothingUnread = { ...oneAccount(), statuses: [status('work', 0)], messages: [] };

const states: State[] = [
  { name: 'first-start', content: {}, shows: ['Welcome to Letterbox', 'Set up Letterbox'] },
  {
    name: 'unpaired',
    content: { link: link({ state: 'unpaired' }) },
    shows: ['Welcome to Letterbox', 'Set up Letterbox'],
  },
  { name: 'no-account', content: { link: link() }, shows: ['No mail account yet', 'Add an account'] },
  {
    name: 'no-bridge-no-cache',
    content: { link: lost },
    shows: ['Nothing to show yet', 'The bridge cannot be reached.', 'Try again'],
  },
  {
    name: 'bridge-refuses-no-cache',
    content: { link: link({ state: 'refused', code: 'pairing-revoked' }) },
    shows: [
      'Nothing to show yet',
      'connected to its bridge',
      'The bridge no longer accepts this browser.',
      'Open options',
    ],
    // It does run.
    hides: ['running'],
  },
  {
    name: 'first-read',
    content: { ...oneAccount(), statuses: [status('work', null)], mailboxes: [], messages: [] },
    shows: ['No count yet', 'Asking for your mail…'],
  },
  {
    name: 'unread',
    content: oneAccount(),
    shows: ['4 unread', 'Ann Miller', 'Dinner on Friday?', 'build@ci.example.net', 'x93@mailer.example.net'],
    hides: ['Åsa Öberg', 'as of'],
  },
  { name: 'empty', content: nothingUnread, shows: ['All read', 'Nothing unread', 'New mail shows up here by itself.'] },
  {
    name: 'bridge-lost',
    content: { ...oneAccount(), link: lost },
    shows: ['4 unread', 'as of', 'Dinner on Friday?', 'The bridge cannot be reached.', 'letterbox serve', 'Try again'],
  },
  {
    name: 'bridge-lost-empty',
    content: { ...nothingUnread, link: lost },
    shows: ['All read', 'as of', 'Nothing unread', 'That is how it last was.', 'Try again'],
  },
  {
    name: 'connecting-for-long',
    content: { ...oneAccount(), link: link({ state: 'connecting', since: Date.now() - 5000 }) },
    shows: ['4 unread', 'as of', 'Connecting to the bridge…'],
  },
  {
    name: 'connecting-just-now',
    content: { ...oneAccount(), link: link({ state: 'connecting', since: Date.now() + 60_000 }) },
    shows: ['4 unread'],
    hides: ['Connecting', 'as of'],
  },
  {
    name: 'lost-just-now',
    content: { ...oneAccount(), link: link({ ...lost, since: Date.now() + 60_000 }) },
    shows: ['4 unread'],
    hides: ['cannot be reached', 'as of'],
  },
  {
    name: 'bridge-refuses',
    content: { ...oneAccount(), link: link({ state: 'refused', code: 'pairing-revoked' }) },
    shows: ['4 unread', 'as of', 'The bridge no longer accepts this browser.', 'Open options'],
  },
  {
    name: 'bridge-too-old',
    content: { ...oneAccount(), link: link({ state: 'refused', code: 'bridge-too-old' }) },
    shows: ['The bridge is too old for this extension.', 'Update the bridge'],
  },
  {
    name: 'needs-you',
    content: { ...oneAccount(), statuses: [status('work', 4, { state: 'needs-you', code: 'wrong-password' })] },
    shows: ['4 unread', 'as of', 'Dinner', 'does not accept the user name or the password.', 'Open options'],
  },
  {
    name: 'server-away',
    content: { ...oneAccount(), statuses: [status('work', 4, { state: 'old', code: 'connection-lost' })] },
    shows: ['4 unread', 'as of', 'The connection to the mail server was lost.', 'Try again'],
  },
  {
    name: 'three-accounts',
    content: threeAccounts(),
    shows: ['8 unread', 'Work', '4 unread', 'ann.miller@home.example', 'May be old', 'Chess club', 'Needs you'],
  },
  {
    name: 'failed-operation',
    content: {
      ...oneAccount(),
      outbox: [
        failed(
          '1',
          { kind: 'seen', account: 'work', folder: 'INBOX', uidValidity: 6, target: { upTo: 9 } },
          'mailbox-changed',
        ),
      ],
    },
    shows: ['Dinner', 'Marking as read did not work.', 'The mailbox was set up anew on the server.', 'Dismiss'],
  },
  {
    name: 'huge-count',
    content: { ...oneAccount(), statuses: [status('work', 1_234_567)] },
    shows: ['1,234,567 unread', 'Dinner'],
    options: { width: 360 },
  },
  {
    name: 'unread-not-cached',
    content: { ...oneAccount(), messages: inbox('work').map((row) => ({ ...row, seen: true })) },
    shows: ['4 unread', 'The unread messages have not been fetched yet.'],
  },
  {
    name: 'tab',
    content: threeAccounts(),
    shows: ['8 unread', 'Dinner'],
    options: { tab: true, width: 1100, height: 700 },
  },
  { name: 'right-to-left', content: threeAccounts(), shows: ['8 unread', 'Dinner'], options: { direction: 'rtl' } },
];

describeWith('chromium', 'the popup', () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await startPageBrowser('popup');
  });
  afterAll(() => browser?.close());

  it.each(states)('$name', async ({ name, content, shows, hides = [], options = {} }) => {
    const { page, close } = await browser.open(content, options);
    await page.waitForFunction((text) => document.body.innerText.includes(text), {}, shows[0] ?? '');
    const text = await page.evaluate(() => document.body.innerText);
    let from = 0;
    for (const words of shows) {
      const at = text.indexOf(words, from);
      expect(at, `“${words}” in:\n${text.slice(from)}`).toBeGreaterThanOrEqual(0);
      from = at + words.length;
    }
    for (const words of hides) expect(text).not.toContain(words);
    expect(await inspect(page, `popup-${name}`)).toEqual([]);
    await close();
  });

  it('all', async () => {
    const { page, close } = await browser.open(oneAccount());
    await page.locator('button::-p-text(All)').click();
    await page.waitForFunction(() => document.body.innerText.includes('Åsa Öberg'));
    const text = await page.evaluate(() => document.body.innerText);
    for (const words of ['(no subject)', '(no sender)', '会議の件について', 'Answered', 'Starred'])
      expect(text).toContain(words);
    expect(await inspect(page, 'popup-all')).toEqual([]);
    await close();
  });

  it('an expanded row', async () => {
    const { page, close } = await browser.open(oneAccount());
    await page.locator('button::-p-text(Your account has been limited)').click();
    await page.waitForSelector('dl.details');
    const text = await page.$eval('dl.details', (details) => details.textContent);
    expect(text).toContain('service@bank.example <x93@mailer.example.net>');
    expect(text).toContain('go by the address');
    expect(text).toContain('Work');
    expect(await inspect(page, 'popup-expanded')).toEqual([]);
    await close();
  });

  it('the help sheet', async () => {
    const { page, close } = await browser.open(oneAccount());
    await page.waitForSelector('.message');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    expect(await inspect(page, 'popup-help')).toEqual([]);
    // All of it is seen without scrolling.
    expect(await page.$eval('dialog', (dialog) => dialog.scrollHeight <= dialog.clientHeight)).toBe(true);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog'));
    await close();
  });

  it('forced colours', async () => {
    const { page, close } = await browser.open(threeAccounts());
    await page.waitForSelector('.message');
    const session = await page.createCDPSession();
    await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
    await page.screenshot({ path: 'test-output/pictures/popup-forced-colors.png' });
    const dot = await page.$eval('.unread .dot', (element) => getComputedStyle(element).backgroundColor);
    const row = await page.$eval(
      '.unread',
      (element) => getComputedStyle(element.closest('html') as Element).backgroundColor,
    );
    expect(dot).not.toBe(row);
    await close();
  });

  it('tells when the store cannot be read', async () => {
    const { page, close } = await browser.open({});
    await page.evaluateOnNewDocument(() => {
      indexedDB.open = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await page.reload();
    await page.waitForFunction(() => document.body.innerText.includes('Letterbox cannot open its storage.'));
    expect(await inspect(page, 'popup-broken')).toEqual([]);
    await close();
  });

  it('says nothing for the first moment, then that it loads', async () => {
    const { page, close } = await browser.open({});
    await page.evaluateOnNewDocument(() => {
      // A request that never ends: the slowest of all disks.
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (...given) {
        return Object.assign(open.apply(this, given), { addEventListener: () => {} });
      };
      const drawn: number[] = [];
      Object.assign(globalThis, { drawn });
      new MutationObserver(() => drawn.push(performance.now())).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await page.waitForFunction(() => document.body.innerText.includes('Loading…'));
    const [before, word] = await page.evaluate(() => (globalThis as unknown as { drawn: number[] }).drawn.slice(-2));
    expect((word ?? 0) - (before ?? 0)).toBeGreaterThanOrEqual(95);
    await close();
  });
});
