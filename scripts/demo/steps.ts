/** The demo, step by step, each step read back from the program that it happened in. */
import { mkdirSync } from 'node:fs';
import type { BridgeProcess } from '../../tests/support/bridge-process.ts';
import { type BrowserDriver, type ColourScheme, waitForBadge } from '../../tests/support/browser-driver.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { addAccount, pairInOptions } from '../../tests/support/extension-pages.ts';
import type { PageHandle } from '../../tests/support/page-handle.ts';
import { ADDRESS, type DemoServer, PASSWORD } from './server.ts';

const PICTURES = 'demo-output';
const SCHEMES: readonly ColourScheme[] = ['dark', 'light'];
const ACCOUNT = 'Anna';
const ROWS_TOLD = 5;

export function say(text: string): void {
  console.log(text);
}

/** @throws Error when a step does not end as it should */
export async function showEverything(browser: BrowserDriver, bridge: BridgeProcess, server: DemoServer): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await pairAndAdd(browser, bridge, server);
  await showNothingUnread(browser, server);
  await showUnread(browser, server);
  await markOneRead(browser, server);
  await newMail(browser, server);
  say(`Pictures of the popup and the options page are in ${PICTURES}/.`);
}

async function pairAndAdd(browser: BrowserDriver, bridge: BridgeProcess, { port }: DemoServer): Promise<void> {
  const options = await browser.openOptions();
  await pairInOptions(options, await bridge.pair());
  say('The browser is paired with the bridge, by a code typed into the options page.');
  const server = { user: ADDRESS, password: PASSWORD, host: '127.0.0.1', port, security: 'tls' } as const;
  await addAccount(options, { name: ACCOUNT, address: ADDRESS, ...server });
  say('The account is tested and added.');
  await options.close();
}

async function showNothingUnread(browser: BrowserDriver, { inbox }: DemoServer): Promise<void> {
  const { text } = await waitForBadge(browser, (badge) => badge.text === '' && badge.title.includes(ACCOUNT));
  say(`The inbox has ${inbox.size} messages, ${inbox.unseen} unread. The badge, as the browser tells it: "${text}".`);
  await pictures(browser, 'popup-empty', () => browser.openPopup(), '.blank');
}

async function showUnread(browser: BrowserDriver, server: DemoServer): Promise<void> {
  server.deliverUnread();
  const { text } = await waitForBadge(browser, String(server.inbox.unseen));
  say(`Mail arrives: ${server.inbox.unseen} unread. The badge, without a click: "${text}".`);
  await pictures(browser, 'options', () => browser.openOptions(), '.accounts .account');
  await pictures(browser, 'popup', () => browser.openPopup(), '.message');
}

async function markOneRead(browser: BrowserDriver, { inbox }: DemoServer): Promise<void> {
  const popup = await browser.openPopup();
  await popup.waitFor('.message');
  const rows = await popup.evaluate<string[]>(
    `[...document.querySelectorAll('.message')].slice(0, ${ROWS_TOLD}).map((row) =>
      row.querySelector('.sender').innerText + ': ' + row.querySelector('.subject').innerText)`,
  );
  say(`The newest rows of the popup:\n${rows.map((row) => `  ${row}`).join('\n')}`);
  const seen = () => inbox.messages.filter(({ flags }) => flags.has('\\Seen')).map(({ uid }) => uid);
  const before = new Set(seen());
  const unread = inbox.unseen;
  await popup.click('.message .mark');
  const { text } = await waitForBadge(browser, String(unread - 1));
  // The badge runs ahead of the server, so that nobody waits for a click.
  const marked = await eventually(() => seen().find((uid) => !before.has(uid)), { what: '\\Seen on the server' });
  say(`The first one is marked read. The badge: "${text}".`);
  say(`The server, asked itself: UID ${marked} is \\Seen now, ${inbox.unseen} are unread.`);
  await popup.close();
}

async function newMail(browser: BrowserDriver, server: DemoServer): Promise<void> {
  server.deliver();
  const { text } = await waitForBadge(browser, String(server.inbox.unseen));
  say(`A new mail arrives. The badge, without a click: "${text}".`);
}

/** Takes a picture in each colour scheme, once the page shows what is wanted; leaves the light one on. */
async function pictures(
  browser: BrowserDriver,
  name: string,
  open: () => Promise<PageHandle>,
  wanted: string,
): Promise<void> {
  for (const scheme of SCHEMES) {
    await browser.setColourScheme(scheme);
    // Opened anew each time: colours of a page that is open fade over, and a picture would catch them half way.
    const page = await open();
    await page.waitFor(wanted);
    await page.screenshot(`${PICTURES}/${name}-${scheme}.png`);
    await page.close();
  }
}
