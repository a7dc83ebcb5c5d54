import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type BrowserDriver, waitForBadge } from '../support/browser-driver.ts';
import { Chromium } from '../support/chromium.ts';
import { Firefox } from '../support/firefox.ts';
import type { PageHandle } from '../support/page-handle.ts';
import { describeWith } from '../support/requirements.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';

const extension = fileURLToPath(new URL('../support/fixture-extension', import.meta.url));

const browsers = { chromium: Chromium, firefox: Firefox };

for (const name of ['chromium', 'firefox'] as const) {
  describeWith(name, `the driver of ${name}`, () => {
    let browser: BrowserDriver;
    let pictures: TemporaryDirectory;

    beforeAll(async () => {
      pictures = temporaryDirectory('pictures');
      browser = await browsers[name].start({ extension });
    });

    afterAll(async () => {
      await browser?.close();
      pictures.remove();
    });

    afterEach(() => browser.setColourScheme('light'));

    it('reads the badge that the background has set', async () => {
      // Each part is set by itself, the title last.
      const badge = await waitForBadge(browser, ({ title }) => title === 'counted 1');
      expect(badge).toEqual({ text: '1', colour: [10, 20, 30, 255], title: 'counted 1' });
      expect(browser.origin).toMatch(/^(chrome|moz)-extension:\/\/[0-9a-z-]+$/);
    });

    it('works in the real popup: types, clicks, presses keys, reads and takes a picture', async () => {
      const popup = await browser.openPopup();
      await popup.waitFor('#set');
      expect(await popup.evaluate(() => innerWidth)).toBeLessThan(600);
      expect(await popup.text('#title')).toBe('Popup');

      await popup.type('#count', '12');
      await popup.click('#set');
      await popup.waitFor(() => document.querySelector('#state')?.textContent === 'done');
      expect(await popup.evaluate(() => document.body.dataset['trusted'])).toBe('true');
      await waitForBadge(browser, '12');

      await popup.type('#count', '3');
      await popup.press('Enter');
      await waitForBadge(browser, '123');
      expect(await popup.evaluate((a, b) => a + b, 1, 2)).toBe(3);
      await expect(popup.evaluate('Promise.reject(new Error("as told"))')).rejects.toThrow('as told');

      expectPicture(await picture(popup, 'popup.png'), { width: 200, height: 50 });
      await popup.close();
    });

    it('opens the popup anew after it was closed and while one is open', async () => {
      const first = await browser.openPopup();
      await first.close();
      const second = await browser.openPopup();
      await second.waitFor('#set');
      expect(await second.text('#state')).toBe('ready');
      const third = await browser.openPopup();
      await third.waitFor('#set');
      expect(await third.text('#title')).toBe('Popup');
      await third.close();
    });

    it('opens the options page in a tab', async () => {
      const options = await browser.openOptions();
      await options.waitFor('#set');
      expect(await options.text('#title')).toBe('Options');
      await options.type('#count', '44');
      await options.click('#set');
      await waitForBadge(browser, '44');
      expectPicture(await picture(options, 'options.png'), { width: 600, height: 400 });
      await options.close();
    });

    it('tells pages which colours the user prefers', async () => {
      const background = (): string => getComputedStyle(document.body).backgroundColor;
      const options = await browser.openOptions();
      expect(await options.evaluate(background)).toBe('rgb(250, 250, 250)');
      await browser.setColourScheme('dark');
      await options.waitFor(() => getComputedStyle(document.body).backgroundColor === 'rgb(20, 20, 20)');
      await options.close();
      const popup = await browser.openPopup();
      await popup.waitFor('#set');
      expect(await popup.evaluate(background)).toBe('rgb(20, 20, 20)');
      await popup.close();
    });

    it('suspends the background, reads the badge without waking it, and a message wakes it', async () => {
      const options = await browser.openOptions();
      await options.waitFor('#set');
      await browser.suspendBackground();
      expect(await browser.backgroundRuns()).toBe(false);
      expect((await browser.badge()).text).toBe('44');
      expect(await browser.backgroundRuns()).toBe(false);
      await options.type('#count', '5');
      await options.press('Enter');
      await waitForBadge(browser, '5');
      expect(await browser.backgroundRuns()).toBe(true);
      await options.close();
    });

    it('keeps the profile and the origin over a restart and over a crash', async () => {
      const { origin } = browser;
      await browser.restart();
      expect(browser.origin).toBe(origin);
      await waitForBadge(browser, '5');

      const popup = await browser.openPopup();
      await popup.waitFor('#set');
      await popup.type('#count', '6');
      await popup.press('Enter');
      await waitForBadge(browser, '6');
      await browser.kill();
      await expect(browser.badge()).rejects.toThrow('does not run');
      await browser.restart();
      expect(browser.origin).toBe(origin);
      await waitForBadge(browser, (badge) => badge.text !== '');
    });

    it('leaves a profile alone that was given to it', async () => {
      const own = temporaryDirectory('profile');
      const other = await browsers[name].start({ extension, profile: own.path });
      await waitForBadge(other, '1');
      await other.close();
      expect(existsSync(own.path)).toBe(true);
      own.remove();
    });

    async function picture(page: PageHandle, file: string): Promise<string> {
      const path = join(pictures.path, file);
      await page.screenshot(path);
      return path;
    }
  });
}

/** Looks into the PNG's header (https://www.w3.org/TR/png/#11IHDR): at least this wide and high. */
function expectPicture(path: string, least: { width: number; height: number }): void {
  const bytes = readFileSync(path);
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(least.width);
  expect(bytes.readUInt32BE(20)).toBeGreaterThanOrEqual(least.height);
}
