/** The options as a user meets them: their states, and what they send. */
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Intent } from '../../src/intents.ts';
import type { Folder } from '../../src/model.ts';
import { newWant, type Want } from '../../src/store.ts';
import { account, failed, link, oneAccount, status, threeAccounts } from '../support/pages/content.ts';
import { inspect, type OpenPage, type PageBrowser, startPageBrowser } from '../support/pages/page-browser.ts';
import type { Seed } from '../support/pages/seed.ts';
import { describeWith } from '../support/requirements.ts';

const ready = { link: link(), accounts: [], statuses: [], outbox: [] };
const unpaired = { link: link({ state: 'unpaired', bridgeVersion: '' }) };
const badAccount = account('x', 'X');

interface State {
  name: string;
  content: Seed;
  shows: string[];
  width?: number;
}

const states: State[] = [
  {
    name: 'first-start',
    content: {},
    shows: ['Not connected', 'letterbox serve', 'letterbox pair', 'Connect the bridge first'],
  },
  { name: 'unpaired', content: unpaired, shows: ['Not connected', 'letterbox serve', 'Connect'], width: 400 },
  {
    name: 'no-account',
    content: ready,
    shows: ['Connected', 'Version 0.1.0, port 27993', 'No account yet.', 'Add an account'],
  },
  {
    name: 'code-wrong',
    content: { link: link({ state: 'unpaired', code: 'pairing-code-wrong' }) },
    shows: ['Not connected', 'This pairing code is not right.', 'Paste the code here'],
  },
  {
    name: 'revoked',
    content: { link: link({ state: 'refused', code: 'pairing-revoked' }) },
    shows: ['Needs you', 'The bridge no longer accepts this browser.', 'Paste the code here'],
  },
  {
    name: 'bridge-too-old',
    content: { link: link({ state: 'refused', code: 'bridge-too-old' }) },
    shows: ['Needs you', 'The bridge is too old for this extension.', 'Update the bridge and start it again.'],
  },
  {
    name: 'extension-too-old',
    content: { link: link({ state: 'refused', code: 'extension-too-old' }) },
    shows: ['This extension is too old for the bridge.', 'Update Letterbox'],
  },
  {
    name: 'lost',
    content: { ...oneAccount(), link: link({ state: 'lost', code: 'bridge-unreachable' }) },
    shows: ['Not reachable', 'The bridge cannot be reached.', 'Work', 'May be old · 4 unread · as of'],
  },
  {
    name: 'three-accounts',
    content: threeAccounts(),
    shows: [
      'Connected',
      'Up to date · 4 unread',
      'May be old · 4 unread',
      'lost.',
      'Needs you',
      'Type the password again',
    ],
    width: 1200,
  },
  {
    name: 'failed-account',
    content: { ...ready, outbox: [failed('1', { kind: 'put-account', account: badAccount }, 'too-many')] },
    shows: ['The account could not be saved.', 'Dismiss'],
  },
];

describeWith('chromium', 'the options', () => {
  let browser: PageBrowser;
  let open: OpenPage;
  beforeAll(async () => {
    browser = await startPageBrowser('options');
  });
  afterAll(() => browser?.close());

  async function start(content: Seed, width = 800): Promise<Page> {
    open = await browser.open(content, { width, height: 900 });
    await open.page.waitForSelector('#accounts');
    return open.page;
  }
  const says = (page: Page, words: string) =>
    page.waitForFunction((text) => document.body.innerText.includes(text), {}, words);
  const sent = async () => (await open.intents()) as Intent[];
  const field = (label: string) => `::-p-aria([name="${label}"])`;
  const value = (page: Page, label: string) => page.$eval(field(label), (input) => (input as HTMLInputElement).value);
  const press = (page: Page, words: string) => page.locator(`button::-p-text(${words})`).click();
  const retype = async (page: Page, label: string, text: string) => {
    await page.$eval(field(label), (input) => (input as HTMLInputElement).select());
    await page.type(field(label), text);
  };
  const want = (id: string, rest: Partial<Want>): Want => ({
    ...newWant(id, 'test-account', Date.now() + 60_000),
    ...rest,
  });

  it.each(states)('$name', async ({ name, content, shows, width }) => {
    const page = await start(content, width);
    const text = await page.evaluate(() => document.body.innerText);
    let from = 0;
    for (const words of shows) {
      const at = text.indexOf(words, from);
      expect(at, `“${words}” in:\n${text.slice(from)}`).toBeGreaterThanOrEqual(0);
      from = at + words.length;
    }
    expect(await inspect(page, `options-${name}`)).toEqual([]);
    await open.close();
  });

  it('pairs: the code leaves the field at once and is told how it went', async () => {
    const page = await start(unpaired);
    await page.type(field('Pairing code'), ' LBX1-secret-code \n');
    await says(page, 'Connecting to the bridge…');
    expect(await value(page, 'Pairing code')).toBe('');
    expect(await sent()).toEqual([{ type: 'pair', code: 'LBX1-secret-code' }]);

    const unpairedLink = link({ state: 'unpaired', bridgeVersion: '' });
    await open.seed({ link: { ...unpairedLink, attempt: { since: 1, code: null, over: false } } });
    await open.seed({ link: { ...unpairedLink, attempt: { since: 2, code: 'pairing-code-expired', over: true } } });
    await says(page, 'This pairing code has been used or has expired.');
    expect(await page.$$('button:disabled')).toEqual([]);
    await page.type(field('Pairing code'), 'LBX1-other\n');
    await open.seed({ link: { ...unpairedLink, attempt: { since: 3, code: null, over: false } } });
    await says(page, 'Connecting to the bridge…');
    await open.seed({ link: link({ state: 'connecting', since: 4 }) });
    await open.seed({ link: link({ since: 5 }) });
    await says(page, 'Version 0.1.0');
    await page.waitForFunction(() => document.activeElement?.id === 'bridge');
    await page.waitForFunction(saidConnected);
    // What is no longer true is not left standing for those who do not see the page.
    await open.seed({ link: link({ state: 'refused', code: 'pairing-revoked', since: 6 }) });
    await says(page, 'The bridge no longer accepts this browser.');
    expect(await page.evaluate(saidConnected)).toBe(false);
    await open.close();
  });

  /** In the page. */
  const saidConnected = () =>
    [...document.querySelectorAll('[role=status]')].some((one) =>
      one.textContent?.includes('This browser is connected to its bridge.'),
    );

  it('a code that is worth nothing: why, and that the connection there was goes on', async () => {
    const page = await start(ready);
    await page.locator('summary::-p-text(Connect with a new code)').click();
    await page.type(field('Pairing code'), 'LBX1-dead\n');
    await says(page, 'Connecting to the bridge…');
    expect(await page.$eval('.state', (one) => one.textContent)).toBe('Connected');
    const { link: before } = ready;
    await open.seed({ link: { ...before, attempt: { since: 1, code: null, over: false } } });
    await open.seed({ link: { ...before, attempt: { since: 2, code: 'pairing-code-expired', over: true } } });
    await says(page, 'This pairing code has been used or has expired.');
    await says(page, 'The connection that was there before goes on.');
    expect(await page.$eval('.state', (one) => one.textContent)).toBe('Connected');
    expect(await page.$$('button:disabled')).toEqual([]);
    // Another one can be pasted at once.
    expect(await value(page, 'Pairing code')).toBe('');
    expect(await inspect(page, 'options-code-dead')).toEqual([]);
    await open.close();
  });

  it('a code whose bridge does not answer: why, and that it is still tried', async () => {
    const page = await start(ready);
    const { link: before } = ready;
    await open.seed({ link: { ...before, attempt: { since: 2, code: 'bridge-unreachable', over: false } } });
    await says(page, 'The bridge cannot be reached.');
    await says(page, 'Letterbox keeps trying this code. The connection that was there before goes on.');
    expect(await page.$$('button:disabled')).toEqual([]);
    await open.close();
  });

  it('a code of the bridge that it is connected to already', async () => {
    const page = await start(ready);
    await page.locator('summary::-p-text(Connect with a new code)').click();
    await page.type(field('Pairing code'), 'LBX1-again\n');
    await says(page, 'Connecting to the bridge…');
    await open.seed({ link: link({ since: 5 }) });
    await page.waitForFunction(saidConnected);
    await page.waitForFunction(() => document.activeElement?.id === 'bridge');
    await open.close();
  });

  it('says at once when a code is refused', async () => {
    const page = await start(unpaired);
    await page.evaluate(() => recorder.receipts.push('pairing-code-wrong'));
    await page.type(field('Pairing code'), 'nonsense\n');
    await page.waitForSelector('[role=alert]');
    await says(page, 'This pairing code is not right.');
    expect(await page.$$('button:disabled')).toEqual([]);
    await open.close();
  });

  it('asks before it unpairs', async () => {
    const page = await start(ready);
    await press(page, 'Disconnect this browser');
    await says(page, 'Disconnect this browser?');
    expect(await inspect(page, 'options-unpair')).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await sent()).toEqual([]);
    await press(page, 'Disconnect this browser');
    await page.locator('dialog button.danger').click();
    await page.waitForFunction(() => recorder.intents.length === 1);
    expect(await sent()).toEqual([{ type: 'unpair' }]);
    await open.close();
  });

  it('sends another port, and none that is no port', async () => {
    const page = await start(ready);
    await page.locator('summary::-p-text(another port)').click();
    await retype(page, 'Port on this computer', '70000');
    await press(page, 'Use this port');
    await retype(page, 'Port on this computer', '28000');
    await press(page, 'Use this port');
    await page.waitForFunction(() => recorder.intents.length > 0);
    expect(await sent()).toEqual([{ type: 'set-port', port: 28000 }]);
    await open.close();
  });

  it('tests and adds an account, each step as it is passed', async () => {
    const page = await start(ready);
    await press(page, 'Add an account');
    await says(page, 'Add an IMAP account');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('email');
    expect(await inspect(page, 'options-add')).toEqual([]);
    await page.type(field('Email address'), 'ann@example.org');
    expect(await value(page, 'Server')).toBe('imap.example.org');
    expect(await value(page, 'User name')).toBe('ann@example.org');
    await page.type(field('Password'), 'pass word');
    await page.type(field('Account name'), 'Private');
    await press(page, 'Test and add');
    await page.waitForFunction(() => recorder.intents.length === 1);
    const [test] = await sent();
    if (test?.type !== 'test-account') throw new Error(`sent ${test?.type}`);
    expect(test).toMatchObject({
      secret: 'pass word',
      account: {
        name: 'Private',
        user: 'ann@example.org',
        server: { host: 'imap.example.org', port: 993, security: 'tls' },
      },
    });

    const signs = () => page.$$eval('.test li', (steps) => steps.map((step) => step.className));
    await open.seed({ wants: [want(test.id, { steps: ['found', 'connected'] })] });
    await page.waitForSelector('.test li:nth-child(3).going');
    expect(await signs()).toEqual(['passed', 'passed', 'going', 'waiting', 'waiting']);
    expect(await inspect(page, 'options-testing')).toEqual([]);

    await open.seed({
      wants: [want(test.id, { steps: ['found', 'connected', 'encrypted'], state: 'failed', code: 'wrong-password' })],
    });
    await says(page, 'The test stopped at “Signed in”.');
    await says(page, 'Many providers want an app password');
    expect(await signs()).toEqual(['passed', 'passed', 'passed', 'broken', 'waiting']);
    expect(await inspect(page, 'options-test-failed')).toEqual([]);
    expect(await sent()).toEqual([]);

    await retype(page, 'Password', 'right');
    await press(page, 'Test and add');
    await page.waitForFunction(() => recorder.intents.length === 1);
    const [again] = await sent();
    if (again?.type !== 'test-account') throw new Error(`sent ${again?.type}`);
    expect(again.id).not.toBe(test.id);
    await open.seed({
      wants: [want(again.id, { steps: ['found', 'connected', 'encrypted', 'signed-in', 'read'], state: 'done' })],
    });
    await page.waitForFunction(() => recorder.intents.length === 2);
    expect(await sent()).toEqual([
      { type: 'operate', id: expect.any(String), operation: { kind: 'put-account', account: again.account } },
      { type: 'set-secret', account: again.account.id, secret: 'right' },
    ]);
    // On its way, and already in the list; no password is left on the page.
    await says(page, 'Being saved…');
    expect(await page.$$('input[type=password][autocomplete=current-password]')).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('accounts');
    await open.close();
  });

  it('says so when the password did not arrive', async () => {
    const page = await start(oneAccount());
    await press(page, 'Edit');
    await page.type(field('Password'), 'new');
    await press(page, 'Test and save');
    await page.waitForFunction(() => recorder.intents.length === 1);
    const [test] = await sent();
    if (test?.type !== 'test-account') throw new Error(`sent ${test?.type}`);
    await page.evaluate(() => recorder.receipts.push(null, 'bridge-unreachable'));
    await open.seed({ wants: [want(test.id, { state: 'done' })] });
    await says(page, 'its password did not reach the bridge');
    await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'password');
    expect(await value(page, 'Password')).toBe('');
    await open.close();
  });

  it('fails a test that the background has forgotten', async () => {
    const page = await start(ready);
    await press(page, 'Add an account');
    await page.type(field('Email address'), 'ann@example.org');
    await page.type(field('Password'), 'p');
    await press(page, 'Test and add');
    await page.waitForFunction(() => recorder.intents.length === 1);
    const [test] = await sent();
    if (test?.type !== 'test-account') throw new Error(`sent ${test?.type}`);
    await open.seed({ wants: [want(test.id, { deadline: Date.now() + 300 })] });
    await says(page, 'It took too long.');
    await open.close();
  });

  it('shows why a test could not start', async () => {
    const page = await start(ready);
    await press(page, 'Add an account');
    await page.type(field('Email address'), 'ann@example.org');
    await page.type(field('Password'), 'p');
    await page.evaluate(() => recorder.receipts.push('bridge-unreachable'));
    await press(page, 'Test and add');
    await says(page, 'The bridge cannot be reached.');
    expect(await page.$$('button:disabled')).toEqual([]);
    await open.close();
  });

  it('does not send what cannot be right', async () => {
    const page = await start(ready);
    await press(page, 'Add an account');
    await page.type(field('Email address'), 'no address');
    await page.type(field('Password'), 'p');
    await press(page, 'Test and add');
    expect(await page.$$eval(':invalid:not(form):not(fieldset)', (all) => all.length)).toBeGreaterThan(0);
    expect(await sent()).toEqual([]);
    await open.close();
  });

  it('saves a new name without a test and without the password', async () => {
    const page = await start(oneAccount());
    await press(page, 'Edit');
    await says(page, 'Leave it empty to keep the stored password.');
    await retype(page, 'Account name', 'Office');
    await press(page, 'Save');
    await page.waitForFunction(() => recorder.intents.length === 1);
    const account = { ...oneAccount().accounts?.[0], name: 'Office' };
    expect(await sent()).toEqual([
      { type: 'operate', id: expect.any(String), operation: { kind: 'put-account', account } },
    ]);
    await open.close();
  });

  it('wants the password again when the server changes', async () => {
    const page = await start(oneAccount());
    await press(page, 'Edit');
    await retype(page, 'Server', 'imap.example.net');
    await says(page, 'type the password again');
    expect(await inspect(page, 'options-edit-server')).toEqual([]);
    await press(page, 'Test and save');
    expect(await sent()).toEqual([]);
    await page.type(field('Password'), 'p');
    await page.select(field('Encryption'), 'starttls');
    expect(await value(page, 'Port')).toBe('143');
    await press(page, 'Test and save');
    await page.waitForFunction(() => recorder.intents.length === 1);
    expect(await sent()).toMatchObject([
      {
        type: 'test-account',
        secret: 'p',
        account: { id: 'work', server: { host: 'imap.example.net', port: 143, security: 'starttls' } },
      },
    ]);
    await open.close();
  });

  it('leads from a wrong password to its field', async () => {
    const page = await start(threeAccounts());
    await press(page, 'Type the password again');
    await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'password');
    await open.close();
  });

  it('asks before it removes an account, and says what that means', async () => {
    const page = await start(oneAccount());
    await press(page, 'Remove');
    await says(page, 'Nothing is deleted on the mail server.');
    expect(await inspect(page, 'options-remove')).toEqual([]);
    await press(page, 'Cancel');
    expect(await sent()).toEqual([]);
    await press(page, 'Remove');
    await press(page, 'Remove account');
    await says(page, 'No account yet.');
    expect(await sent()).toEqual([
      { type: 'operate', id: expect.any(String), operation: { kind: 'remove-account', account: 'work' } },
    ]);
    await open.close();
  });

  const folders: Folder[] = [
    { path: 'Archive', name: 'Archive', role: 'archive' },
    { path: 'Drafts', name: 'Drafts', role: 'drafts' },
    { path: 'Entwürfe/Alt', name: 'Alt', role: null },
    { path: 'INBOX', name: 'INBOX', role: 'inbox' },
    { path: 'Junk', name: 'Junk', role: 'junk' },
    { path: 'Lists/Chess', name: 'Chess', role: null },
    { path: 'Old/Chess', name: 'Chess', role: null },
    { path: 'Sent Messages', name: 'Sent Messages', role: 'sent' },
  ];
  const withFolders = { ...oneAccount(), folders: [{ account: 'work', folders }] };
  const boxes = (page: Page) =>
    page.$$eval('.folder-box', (all) =>
      all.map((box) => `${box.querySelector('input')?.checked ? '+' : '-'} ${box.querySelector('label')?.textContent}`),
    );
  const openFolders = async (page: Page) => {
    await page.locator('.folders summary').click();
    await page.waitForSelector('.folders[open]');
  };

  it('offers the folders, the inbox first, and hints at those that rarely hold new mail', async () => {
    const page = await start(withFolders);
    await openFolders(page);
    expect(await boxes(page)).toEqual([
      '+ Inbox',
      '- Archive',
      '- Alt',
      '- Lists/Chess',
      '- Old/Chess',
      '- Drafts',
      '- Spam',
      '- Sent',
    ]);
    expect(await page.$$eval('.folder-box:has(.hint) label', (all) => all.map((label) => label.textContent))).toEqual([
      'Drafts',
      'Spam',
      'Sent',
    ]);
    expect(await page.$eval('.folders form button', (button) => button.disabled)).toBe(true);
    expect(await inspect(page, 'options-folders')).toEqual([]);
    await open.close();
  });

  it('saves the folders that count, by keyboard, without the password, and shows them at once', async () => {
    const page = await start(withFolders);
    await page.focus('.folders summary');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.folders[open]');
    await page.focus(field('Lists/Chess'));
    await page.keyboard.press('Space');
    await page.focus(field('Inbox'));
    await page.keyboard.press('Space');
    await page.locator('.folders button').click();
    await says(page, 'The folders of Work are saved.');
    await page.waitForFunction(() => document.querySelector('.folders button:disabled'));
    expect(await sent()).toEqual([
      {
        type: 'operate',
        id: expect.any(String),
        operation: { kind: 'put-account', account: { ...oneAccount().accounts?.[0], folders: ['Lists/Chess'] } },
      },
    ]);
    expect((await boxes(page)).filter((box) => box.startsWith('+'))).toEqual(['+ Lists/Chess']);
    await open.close();
  });

  it('lets nobody choose no folder at all', async () => {
    const page = await start(withFolders);
    await openFolders(page);
    await page.locator('.folder-box input').click();
    await says(page, 'Choose at least one folder.');
    expect(await page.$eval('.folders form button', (button) => button.disabled)).toBe(true);
    await page.focus('.folder-box input');
    await page.keyboard.press('Enter');
    expect(await sent()).toEqual([]);
    expect(await inspect(page, 'options-folders-none')).toEqual([]);
    await open.close();
  });

  it('says nothing of folders where the account has none, or none are known', async () => {
    const can = { flags: 'local', folders: false, push: false, move: false } as const;
    const page = await start({ ...withFolders, statuses: [status('work', 4, { can })] });
    expect(await page.$('.folders')).toBeNull();
    await open.seed({ statuses: [status('work', 4)], folders: [] });
    await open.seed({ statuses: [status('work', 5)] });
    await says(page, '5 unread');
    expect(await page.$('.folders')).toBeNull();
    await open.close();
  });

  it('keeps the chosen folders when the account is edited', async () => {
    const chosen = account('work', 'Work', { folders: ['INBOX', 'Lists/Chess'] });
    const page = await start({ ...withFolders, accounts: [chosen] });
    await press(page, 'Edit');
    await retype(page, 'Account name', 'Office');
    await press(page, 'Save');
    await page.waitForFunction(() => recorder.intents.length === 1);
    expect(await sent()).toMatchObject([{ operation: { account: { ...chosen, name: 'Office' } } }]);
    await open.close();
  });
});
