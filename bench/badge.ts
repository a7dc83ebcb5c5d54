/** From a delivery in Dovecot to the changed badge in real Chromium, beside `* EXISTS` on a plain socket. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeProcess } from '../tests/support/bridge-process.ts';
import { testCertificates } from '../tests/support/certificates.ts';
import { Chromium } from '../tests/support/chromium.ts';
import { Dovecot } from '../tests/support/dovecot.ts';
import { addAccount, pairInOptions } from '../tests/support/extension-pages.ts';
import { type Measurement, measure } from './measurement.ts';

const DELIVERIES = 20;
/** Short beside what is measured, long enough to leave the browser its time. Milliseconds. */
const POLL = 5;
/** Longer than a failed delivery could be waited for with patience. Milliseconds. */
const DEADLINE = 15_000;
/** Deliveries do not meet: Dovecot joins what arrives within half a second. Milliseconds. */
const PAUSE = 700;

export async function bench(): Promise<Measurement[]> {
  const { ca, good } = await testCertificates();
  const dovecot = await Dovecot.start({ tls: good });
  const bridge = await BridgeProcess.start({ ca });
  const browser = await Chromium.start({ extension: 'dist-test/chrome' });
  const raw = new Socket();
  try {
    const options = await browser.openOptions();
    await pairInOptions(options, await bridge.pair());
    const account = { name: 'Bench', address: 'anna@example.test', user: 'anna', password: 'pw', host: '127.0.0.1' };
    await addAccount(options, { ...account, port: dovecot.ports.imaps, security: 'tls' });
    // The first one shows that the way is open; it is not measured.
    dovecot.deliver('anna', 'Subject: First\r\n\r\nHello\r\n');
    await badgeIs(browser, '1');
    await options.close();
    await idle(raw, dovecot.ports.imap);

    const badge: number[] = [];
    const exists: number[] = [];
    for (let n = 1; n <= DELIVERIES; n += 1) {
      const heard = told(raw);
      const start = performance.now();
      dovecot.deliver('anna', `From: Bo <bo@example.test>\r\nSubject: Delivery ${n}\r\n\r\nHello\r\n`);
      const changed = badgeIs(browser, String(n + 1));
      exists.push((await heard) - start);
      badge.push((await changed) - start);
      await sleep(PAUSE);
    }
    const names = { bench: 'badge', metric: 'delivery to badge in Chromium', unit: 'ms' };
    const note = 'TLS to Dovecot; the badge is read back from the browser every 5 ms';
    return [measure({ ...names, note }, badge, { name: 'delivery to * EXISTS on a plain socket', values: exists })];
  } finally {
    raw.destroy();
    await browser.close();
    await bridge.close();
    await dovecot.close();
  }
}

async function idle(socket: Socket, port: number): Promise<void> {
  socket.connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  for (const [command, answer] of [
    ['a LOGIN anna pw', 'a OK'],
    ['b SELECT INBOX', 'b OK'],
    ['c IDLE', '+ '],
  ] as const) {
    const answered = hears(socket, answer);
    socket.write(`${command}\r\n`);
    await answered;
  }
}

/** The moment at which the server tells of new mail. */
async function told(socket: Socket): Promise<number> {
  await hears(socket, ' EXISTS');
  return performance.now();
}

function hears(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = '';
    const timer = setTimeout(() => reject(new Error(`the server did not say ${text}`)), DEADLINE);
    const take = (bytes: Buffer) => {
      received += bytes.toString('latin1');
      if (!received.includes(text)) return;
      clearTimeout(timer);
      socket.off('data', take);
      resolve();
    };
    socket.on('data', take);
  });
}

async function badgeIs(browser: Chromium, text: string): Promise<number> {
  const end = performance.now() + DEADLINE;
  while (performance.now() < end) {
    if ((await browser.badge()).text === text) return performance.now();
    await sleep(POLL);
  }
  throw new Error(`the badge did not become ${text}`);
}
