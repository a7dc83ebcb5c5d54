/** The demo, step by step, each step read back from the program that it happened in. */

import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { BridgeProcess } from '../../tests/support/bridge-process.ts';
import { type BrowserDriver, waitForBadge } from '../../tests/support/browser-driver.ts';
import { testCertificates } from '../../tests/support/certificates.ts';
import { Chromium } from '../../tests/support/chromium.ts';
import { addAccount, pairInOptions } from '../../tests/support/extension-pages.ts';
import { Firefox } from '../../tests/support/firefox.ts';
import { demoArrivals, demoMailbox, fillFolder } from '../../tests/support/mail-server/demo-mail.ts';
import type { Folder } from '../../tests/support/mail-server/folder.ts';
import { startMailServer } from '../../tests/support/mail-server/mail-server.ts';
import { seededRandom } from '../../tests/support/seeded-random.ts';

const ADDRESS = 'anna@example.org';
const PASSWORD = 'a password for the demo';
const PICTURES = 'demo-output';
/** Any fixed number: the demo's mail is the same at every run. */
const SEED = 20;
/** With a window open, somebody is looking: a new mail every so often, in milliseconds. */
const ARRIVALS_EVERY = 15_000;

/** Where branded Chrome lies, by system. */
const CHROMES = [
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

type Find = (name: 'chromium' | 'firefox') => { path?: string; reason?: string };

/** Runs the demo. Without a display it ends by itself; with one it stays until Ctrl+C. @throws Error in plain words */
export async function demo(find: Find): Promise<void> {
  const say = (text: string) => console.log(text);
  const random = seededRandom(SEED);
  const { ca, good } = await testCertificates();
  const server = await startMailServer({
    accounts: [{ user: ADDRESS, password: PASSWORD }],
    security: 'tls',
    tls: good,
  });
  const { inbox } = server.store.account(ADDRESS);
  const to = { name: 'Anna', address: ADDRESS };
  fillFolder(inbox, demoMailbox({ to, random, now: Date.now() }));
  const nextMail = demoArrivals({ to, random });
  say(
    `A mail server of our own is running on 127.0.0.1, port ${server.port}: ${inbox.size} messages, ${inbox.unseen} unread.`,
  );

  const bridge = await BridgeProcess.start({ ca });
  say(`The bridge is running on 127.0.0.1, port ${bridge.port}.`);
  let browser: BrowserDriver | null = null;
  try {
    browser = await startBrowser(find, hasDisplay());
    say(`${browser.name} is running with the extension loaded.`);
    await showEverything(browser, bridge, server.port, inbox, () => fillFolder(inbox, [nextMail(Date.now())]), say);
    if (hasDisplay()) {
      say('Mail keeps arriving. Look at the button on the toolbar; Ctrl+C ends the demo.');
      const arrivals = setInterval(() => fillFolder(inbox, [nextMail(Date.now())]), ARRIVALS_EVERY);
      await once(process, 'SIGINT');
      clearInterval(arrivals);
    }
  } finally {
    await browser?.close();
    await bridge.close();
    await server.close();
  }
}

async function showEverything(
  browser: BrowserDriver,
  bridge: BridgeProcess,
  port: number,
  inbox: Folder,
  deliver: () => void,
  say: (text: string) => void,
): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const options = await browser.openOptions();
  await pairInOptions(options, await bridge.pair());
  say('The browser is paired with the bridge.');
  await addAccount(options, {
    name: 'Anna',
    address: ADDRESS,
    user: ADDRESS,
    password: PASSWORD,
    host: '127.0.0.1',
    port,
    security: 'tls',
  });
  say('The account is tested and added.');
  const before = await waitForBadge(browser, String(inbox.unseen));
  say(`The badge, as the browser tells it: "${before.text}".`);
  for (const scheme of ['light', 'dark'] as const) {
    await browser.setColourScheme(scheme);
    await options.screenshot(`${PICTURES}/options-${scheme}.png`);
  }
  await options.close();

  for (const scheme of ['dark', 'light'] as const) {
    await browser.setColourScheme(scheme);
    const popup = await browser.openPopup();
    await popup.waitFor('.message');
    await popup.screenshot(`${PICTURES}/popup-${scheme}.png`);
    await popup.close();
  }
  const popup = await browser.openPopup();
  await popup.waitFor('.message');
  const rows = await popup.evaluate<string[]>(
    `[...document.querySelectorAll('.message')].slice(0, 5).map((row) => row.querySelector('.sender').innerText + ': ' + row.querySelector('.subject').innerText)`,
  );
  say(`The newest rows of the popup:\n${rows.map((row) => `  ${row}`).join('\n')}`);
  const seenBefore = seen(inbox);
  await popup.click('.message .mark');
  const after = await waitForBadge(browser, String(inboxUnread(before.text) - 1));
  const marked = [...seen(inbox)].filter((uid) => !seenBefore.has(uid));
  say(
    `The first one is marked read. The badge: "${after.text}". The server holds \\Seen for UID ${marked.join(', ')}.`,
  );
  await popup.close();

  deliver();
  const arrived = await waitForBadge(browser, String(inboxUnread(before.text)));
  say(`A new mail arrives. The badge, without a click: "${arrived.text}".`);
  say(`Pictures of the popup and the options page are in ${PICTURES}/.`);
}

function inboxUnread(text: string): number {
  return Number(text || 0);
}

function seen(inbox: Folder): Set<number> {
  return new Set(inbox.messages.filter(({ flags }) => flags.has('\\Seen')).map(({ uid }) => uid));
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

async function startBrowser(find: Find, visible: boolean): Promise<BrowserDriver> {
  if (find('chromium').path) return Chromium.start({ extension: 'dist-test/chrome', visible });
  const chrome = CHROMES.find((path) => existsSync(path));
  if (chrome)
    return Chromium.start({ extension: resolve('dist-test/chrome'), visible, executable: chrome, byProtocol: true });
  if (find('firefox').path) return Firefox.start({ extension: 'dist-test/firefox', visible });
  throw new Error(
    'no browser was found. Install Chromium or Firefox, or name one in LETTERBOX_CHROMIUM or LETTERBOX_FIREFOX.',
  );
}
