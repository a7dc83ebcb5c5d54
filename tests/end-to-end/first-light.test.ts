/** The whole way, as a new user goes it: real browsers, the built bridge, a real Dovecot. */
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BridgeProcess } from '../support/bridge-process.ts';
import { type BrowserDriver, waitForBadge } from '../support/browser-driver.ts';
import { testCertificates } from '../support/certificates.ts';
import { Chromium } from '../support/chromium.ts';
import { Dovecot } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { addAccount, pairInOptions, pressButton, type TypedAccount, typeAccount } from '../support/extension-pages.ts';
import { Firefox } from '../support/firefox.ts';
import { describeWith } from '../support/requirements.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { TestClient } from '../support/test-client.ts';

/** A copy, so that a build meanwhile does not change what the browser has loaded. */
function copyOfBuild(browser: 'chrome' | 'firefox', to: string): string {
  cpSync(fileURLToPath(new URL(`../../dist-test/${browser}`, import.meta.url)), to, { recursive: true });
  return to;
}
const pictures = fileURLToPath(new URL('../../test-output/first-light/', import.meta.url));

/** A bridge that comes back is dialled again within ten seconds, a background that was ended within its alarm of thirty. */
const BACK_AGAIN = 45_000;

const raw = (subject: string) =>
  `From: Bo Berg <bo@example.test>\r\nSubject: ${subject}\r\nMessage-ID: <${randomUUID()}@example.test>\r\n\r\nHello\r\n`;

for (const name of ['chromium', 'firefox'] as const) {
  describeWith([name, 'dovecot'], `first light in ${name}`, () => {
    let dovecot: Dovecot;
    let bridge: BridgeProcess;
    let browser: BrowserDriver;
    let profile: TemporaryDirectory;
    let account: TypedAccount;

    beforeAll(async () => {
      mkdirSync(pictures, { recursive: true });
      const { ca, good } = await testCertificates();
      dovecot = await Dovecot.start({ tls: good, users: { anna: 'pw-anna' } });
      for (const subject of ['First', 'Second', 'Third']) dovecot.deliver('anna', raw(subject));
      bridge = await BridgeProcess.start({ ca });
      profile = temporaryDirectory('profile');
      const Driver = name === 'chromium' ? Chromium : Firefox;
      mkdirSync(`${profile.path}/profile`);
      const extension = copyOfBuild(name === 'chromium' ? 'chrome' : 'firefox', `${profile.path}/extension`);
      browser = await Driver.start({ extension, profile: `${profile.path}/profile` });
      account = {
        name: 'Work',
        address: 'anna@example.test',
        user: 'anna',
        password: 'pw-anna',
        host: '127.0.0.1',
        port: dovecot.ports.imaps,
        security: 'tls',
      };
    });

    afterAll(async () => {
      await browser?.close();
      await bridge?.close();
      await dovecot?.close();
      profile?.remove();
    });

    it('first start: no number, and the popup leads to the options', async () => {
      const badge = await waitForBadge(browser, '');
      expect(badge.title).not.toBe('');
      const popup = await browser.openPopup();
      await popup.waitFor(() => document.body.innerText.length > 0);
      await popup.screenshot(`${pictures}${name}-first-start.png`);
      await popup.close();
    });

    it('a mistyped pairing code is told at once', async () => {
      const options = await browser.openOptions();
      const code = await bridge.pair();
      const typo = code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A');
      await expect(pairInOptionsExpecting(options, typo)).resolves.toMatch(/code/i);
      await options.close();
    });

    async function pairInOptionsExpecting(
      options: Awaited<ReturnType<BrowserDriver['openOptions']>>,
      code: string,
    ): Promise<string> {
      const { fill } = await import('../support/extension-pages.ts');
      await fill(options, 'Pairing code', code);
      await pressButton(options, 'Connect');
      await options.waitFor('[role=alert]');
      return options.text('[role=alert]');
    }

    it('pairs, says in words what is wrong with a password, adds the account, and the badge is there', async () => {
      const options = await browser.openOptions();
      await pairInOptions(options, await bridge.pair());
      await pressButton(options, 'Add an account');
      await typeAccount(options, { ...account, password: 'wrong' });
      await options.waitFor('[role=alert]', 20_000);
      expect(await options.text('[role=alert]')).toMatch(/password/i);
      await options.screenshot(`${pictures}${name}-wrong-password.png`);
      await pressButton(options, 'Cancel');
      await addAccount(options, account);
      const badge = await waitForBadge(browser, '3');
      expect(badge.title).toContain('Work');
      await options.screenshot(`${pictures}${name}-options.png`);
      await options.close();
    });

    it('a delivery changes the badge without a click', async () => {
      dovecot.deliver('anna', raw('Fourth'));
      await waitForBadge(browser, '4');
    });

    it('a message marked read in the popup is \\Seen on the server', async () => {
      const popup = await browser.openPopup();
      await popup.waitFor('.message');
      await popup.screenshot(`${pictures}${name}-popup.png`);
      expect(await popup.text('.message .subject')).toBe('Fourth');
      await popup.click('.message .mark');
      await waitForBadge(browser, '3');
      const seen = await eventually(async () => {
        const uids = await dovecot.seenUids('anna');
        return uids.length > 0 && uids;
      });
      expect(seen).toEqual([4]);
      await popup.close();
    });

    it('a message read elsewhere leaves the badge', async () => {
      const other = await dovecot.asClient('anna');
      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('1', ['\\Seen'], { uid: true });
      await other.logout();
      await waitForBadge(browser, '2');
    });

    it('a revoked code that is pasted while paired takes nothing away', async () => {
      const code = await bridge.pair();
      const { client, identity } = await TestClient.pair(code);
      await client.close();
      await bridge.command('revoke', Buffer.from(identity.cid).toString('hex'));
      const options = await browser.openOptions();
      await options.waitFor('details form.pairing');
      await options.evaluate(() => document.querySelector('details:has(form.pairing)')?.setAttribute('open', ''));
      expect(await pairInOptionsExpecting(options, code)).toMatch(/used or has expired/);
      await options.waitFor(() => document.body.innerText.includes('The connection that was there before goes on.'));
      await options.screenshot(`${pictures}${name}-dead-code.png`);
      expect((await browser.badge()).text).toBe('2');
      await options.close();
      // And it is not the badge alone that has stayed.
      dovecot.deliver('anna', raw('After a dead code'));
      await waitForBadge(browser, '3');
      const other = await dovecot.asClient('anna');
      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('*', ['\\Seen']);
      await other.logout();
      await waitForBadge(browser, '2');
    });

    it('a background that the browser has ended comes back to the right badge', async () => {
      await browser.suspendBackground();
      dovecot.deliver('anna', raw('While the background was away'));
      await waitForBadge(browser, '3', BACK_AGAIN);
    });

    it('a bridge that was killed: the number is shown as old, and true again when it is back', async () => {
      await bridge.kill('SIGKILL');
      const old = await waitForBadge(browser, '3?');
      expect(old.title).toMatch(/bridge/i);
      const popup = await browser.openPopup();
      await popup.waitFor('.message');
      await popup.screenshot(`${pictures}${name}-offline.png`);
      await popup.close();
      dovecot.deliver('anna', raw('While the bridge was away'));
      await bridge.restart();
      await waitForBadge(browser, '4', BACK_AGAIN);
    });

    it('Dovecot goes away: the number is shown as old; it comes back: the number is true', async () => {
      await dovecot.stop();
      await waitForBadge(browser, '4?');
      dovecot.deliver('anna', raw('While Dovecot was away'));
      await dovecot.start();
      await waitForBadge(browser, '5', BACK_AGAIN);
    });

    it('an act while the bridge is away is not lost', async () => {
      await bridge.kill('SIGKILL');
      await waitForBadge(browser, '5?');
      const popup = await browser.openPopup();
      await popup.waitFor('.message');
      await popup.click('.message .mark');
      await waitForBadge(browser, '4?');
      await popup.close();
      await browser.suspendBackground();
      await bridge.restart();
      await waitForBadge(browser, '4', BACK_AGAIN);
      // The badge runs ahead with what was clicked; the server follows when the bridge is there.
      await eventually(async () => (await dovecot.unreadUids('anna')).length === 4, { deadline: BACK_AGAIN });
    });

    it('a password that was changed elsewhere: needs you, and the number stays', async () => {
      await dovecot.setPassword('anna', 'pw-new');
      await dovecot.stop();
      await dovecot.start();
      // By itself the bridge signs in twice in two minutes at the most; who asks does not wait.
      const popup = await browser.openPopup();
      await popup.waitFor('.message');
      await pressButton(popup, 'Look for mail now');
      const badge = await waitForBadge(browser, '4!', BACK_AGAIN);
      expect(badge.title).toMatch(/password/i);
      await dovecot.setPassword('anna', 'pw-anna');
      await popup.screenshot(`${pictures}${name}-needs-you.png`);
      await pressButton(popup, 'Look for mail now');
      await waitForBadge(browser, '4');
      await popup.close();
    });

    it('a browser that is started again has the right badge without a click', async () => {
      await browser.kill();
      dovecot.deliver('anna', raw('While the browser was away'));
      await browser.restart();
      await waitForBadge(browser, '5', BACK_AGAIN);
    });

    it('a revoked browser is told so', async () => {
      await bridge.command('revoke', '--all');
      const badge = await waitForBadge(browser, (one) => one.text === '5!');
      expect(badge.title).toMatch(/no longer accepts/);
    });
  });
}
