/** A background that nobody talks to: Chromium ends one that has been idle for thirty seconds. */

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BridgeProcess } from '../support/bridge-process.ts';
import { waitForBadge } from '../support/browser-driver.ts';
import { Chromium } from '../support/chromium.ts';
import { addAccount, pairInOptions } from '../support/extension-pages.ts';
import { type MailServer, startMailServer } from '../support/mail-server/mail-server.ts';
import { describeWith } from '../support/requirements.ts';

const extension = fileURLToPath(new URL('../../dist-test/chrome', import.meta.url));
/** Longer than Chromium lets a worker be idle. */
const IDLE = 40_000;

describeWith('chromium', 'the background in Chromium', () => {
  let mail: MailServer;
  let bridge: BridgeProcess;
  let browser: Chromium;

  beforeAll(async () => {
    mail = await startMailServer({ accounts: [{ user: 'anna', password: 'pw' }], security: 'none' });
    bridge = await BridgeProcess.start();
    browser = await Chromium.start({ extension });
  });

  afterAll(async () => {
    await browser?.close();
    await bridge?.close();
    await mail?.close();
  });

  const deliver = (subject: string) => mail.store.account('anna').inbox.deliver(`Subject: ${subject}\r\n\r\nHello\r\n`);

  it('lives through a time in which nothing happens, and hears of new mail at once', async () => {
    deliver('First');
    const options = await browser.openOptions();
    await pairInOptions(options, await bridge.pair());
    await addAccount(options, {
      name: 'Work',
      address: 'anna@example.test',
      user: 'anna',
      password: 'pw',
      host: '127.0.0.1',
      port: mail.port,
      security: 'none',
    });
    await waitForBadge(browser, '1');
    // The alarm that starts an ended background again would do as much for one that is idle: it is taken away.
    expect(await options.evaluate('chrome.alarms.clearAll()')).toBe(true);
    await options.close();
    const [ends, sessions] = [browser.backgroundEnds, bridge.lines.filter(({ event }) => event === 'session-started')];
    // Nothing is asked of the browser meanwhile: what is measured is its patience.
    await sleep(IDLE);
    expect(browser.backgroundEnds).toBe(ends);
    expect(bridge.lines.filter(({ event }) => event === 'session-started')).toEqual(sessions);
    deliver('Second');
    await waitForBadge(browser, '2', 5_000);
    expect(browser.backgroundEnds).toBe(ends);
  });
});
