/** From a delivery in Dovecot to the changed badge in a real browser, beside `* EXISTS` on a plain socket. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeProcess } from '../tests/support/bridge-process.ts';
import type { BrowserDriver } from '../tests/support/browser-driver.ts';
import { testCertificates } from '../tests/support/certificates.ts';
import { Chromium } from '../tests/support/chromium.ts';
import { Dovecot } from '../tests/support/dovecot.ts';
import { eventually } from '../tests/support/eventually.ts';
import { addAccount, pairInOptions } from '../tests/support/extension-pages.ts';
import { Firefox } from '../tests/support/firefox.ts';
import { IdleSocket } from './idle-socket.ts';
import { type Benchmark, type Measurement, measure } from './measurement.ts';

const DELIVERIES = 20;
/** Short beside what is measured, long enough to leave the browser its time. Milliseconds. */
const POLL = 5;
/** Longer than a failed delivery could be waited for with patience. Milliseconds. */
const DEADLINE = 15_000;
/** Deliveries do not meet: Dovecot joins what arrives within half a second. Milliseconds. */
const PAUSE = 700;

const USER = 'anna';
const PASSWORD = 'pw';

export const needs: Benchmark['needs'] = { programs: ['chromium', 'firefox', 'dovecot'], build: true };

export async function bench(): Promise<Measurement[]> {
  const chromium = await inBrowser('Chromium', () => Chromium.start({ extension: 'dist-test/chrome' }));
  const firefox = await inBrowser('Firefox', () => Firefox.start({ extension: 'dist-test/firefox' }));
  return [chromium, firefox];
}

async function inBrowser(title: string, launch: () => Promise<BrowserDriver>): Promise<Measurement> {
  const { ca, good } = await testCertificates();
  const open: { close(): unknown }[] = [];
  const opened = <T extends { close(): unknown }>(one: T): T => {
    open.unshift(one);
    return one;
  };
  try {
    const dovecot = opened(await Dovecot.start({ tls: good, users: { [USER]: PASSWORD } }));
    const bridge = opened(await BridgeProcess.start({ ca }));
    const browser = opened(await launch());
    await signIn(browser, bridge, dovecot.ports.imaps);
    // The first one shows that the way is open; it is not measured.
    dovecot.deliver(USER, message(1));
    await badgeIs(browser, '1');
    const raw = opened(await IdleSocket.open(dovecot.ports.imap, USER, PASSWORD));

    const badge: number[] = [];
    const exists: number[] = [];
    for (let n = 2; n <= DELIVERIES + 1; n += 1) {
      const start = performance.now();
      const heard = raw.hears(' EXISTS');
      // It ends with the rename into new/.
      dovecot.deliver(USER, message(n));
      const [told, changed] = await Promise.all([heard, badgeIs(browser, String(n))]);
      exists.push(told - start);
      badge.push(changed - start);
      await sleep(PAUSE);
    }
    const note = `TLS to Dovecot; the badge is read back from the browser every ${POLL} ms`;
    const names = { bench: 'badge', metric: `delivery to badge in ${title}`, unit: 'ms', note };
    return measure(names, badge, { name: 'delivery to * EXISTS on a plain socket', values: exists });
  } finally {
    for (const one of open) await one.close();
  }
}

async function signIn(browser: BrowserDriver, bridge: BridgeProcess, port: number): Promise<void> {
  const options = await browser.openOptions();
  await pairInOptions(options, await bridge.pair());
  const server = { user: USER, password: PASSWORD, host: '127.0.0.1', port, security: 'tls' } as const;
  await addAccount(options, { name: 'Bench', address: 'anna@example.test', ...server });
  await options.close();
}

function message(n: number): string {
  return `From: Bo <bo@example.test>\r\nSubject: Delivery ${n}\r\n\r\nHello\r\n`;
}

/** @returns when it was so, by `performance.now()` */
async function badgeIs(browser: BrowserDriver, text: string): Promise<number> {
  await eventually(async () => (await browser.badge()).text === text, {
    deadline: DEADLINE,
    interval: POLL,
    what: `the badge "${text}"`,
  });
  return performance.now();
}
