/** The demo: a mail server, the bridge and a browser, and what happens between them. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeProcess } from '../../tests/support/bridge-process.ts';
import { type BrowserDriver, waitForBadge } from '../../tests/support/browser-driver.ts';
import { testCertificates } from '../../tests/support/certificates.ts';
import type { FoundBrowser } from './browser.ts';
import { type DemoServer, startDemoServer } from './server.ts';
import { say, showEverything } from './steps.ts';

/** With a window open somebody is looking: a new mail every so often, in milliseconds. */
const ARRIVALS_EVERY = 15_000;

/** Runs the demo. Without a display it ends by itself; with one it stays until Ctrl+C. @throws Error in plain words */
export async function demo(found: FoundBrowser): Promise<void> {
  const { ca, good } = await testCertificates();
  let server: DemoServer | null = null;
  let bridge: BridgeProcess | null = null;
  let browser: BrowserDriver | null = null;
  try {
    server = await startDemoServer(good);
    say(`A mail server of our own is running on 127.0.0.1, port ${server.port}, with TLS.`);
    bridge = await BridgeProcess.start({ ca });
    say(`The bridge is running on 127.0.0.1, port ${bridge.port}.`);
    browser = await found.start(hasDisplay());
    say(`${found.title} is running with the extension loaded.`);
    await showEverything(browser, bridge, server);
    if (hasDisplay()) await stay(browser, server);
  } finally {
    await browser?.close();
    await bridge?.close();
    await server?.close();
  }
  say('Everything is stopped.');
}

/** Mail keeps arriving until the user has seen enough. */
async function stay(browser: BrowserDriver, server: DemoServer): Promise<void> {
  say('Mail keeps arriving. Click the button on the toolbar; Ctrl+C ends the demo.');
  const interrupted = once(process, 'SIGINT').then(() => true);
  await browser.openOptions();
  while (!(await Promise.race([interrupted, sleep(ARRIVALS_EVERY, false)]))) {
    server.deliver();
    try {
      const { text } = await waitForBadge(browser, (badge) => badge.text === shown(server.inbox.unseen));
      say(`A new mail has arrived. The badge: "${text}".`);
    } catch {
      say('The badge cannot be read any more: the browser was closed, or the account removed.');
      return;
    }
  }
}

function shown(unread: number): string {
  return unread > 99 ? '99+' : String(unread);
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}
