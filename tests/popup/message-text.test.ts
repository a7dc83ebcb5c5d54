/** Opening a message in the list: it is asked for, shown as text, and nothing else happens. */
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Intent } from '../../src/intents.ts';
import { newWant } from '../../src/store.ts';
import { oneAccount, opened } from '../support/pages/content.ts';
import { inspect, type OpenPage, type PageBrowser, startPageBrowser } from '../support/pages/page-browser.ts';
import type { Seed } from '../support/pages/seed.ts';
import { describeWith } from '../support/requirements.ts';

const MESSAGE = { account: 'work', folder: 'INBOX', uidValidity: 7, uid: 100 };

describeWith('chromium', 'a message in the popup', () => {
  let browser: PageBrowser;
  let open: OpenPage;
  beforeAll(async () => {
    browser = await startPageBrowser('popup');
  });
  afterAll(() => browser?.close());

  async function start(content: Seed = {}): Promise<Page> {
    open = await browser.open({ ...oneAccount(), contents: [], wants: [], ...content });
    await open.page.locator('button::-p-text(Dinner on Friday?)').click();
    await open.page.waitForSelector('.opened');
    return open.page;
  }
  const says = (page: Page, words: string) =>
    page.waitForFunction((text) => document.querySelector('.opened')?.textContent?.includes(text), {}, words);
  const asked = async () =>
    ((await open.intents()) as Intent[]).flatMap((intent) => (intent.type === 'open-message' ? [intent] : []));

  it('that was opened before is there at once, as it is written', async () => {
    const page = await start({ contents: [opened('work', 100)] });
    await says(page, 'the new place by the river');
    expect(await page.$eval('.words', (words) => getComputedStyle(words).whiteSpace)).toBe('pre-wrap');
    expect(await page.$eval('.words', (words) => words.textContent)).toContain('\n\n> On Monday');
    expect(await inspect(page, 'popup-message')).toEqual([]);
    await open.close();
  });

  it('that was not is asked for, and shown when it comes; closing it says that it is not wanted any more', async () => {
    const page = await start();
    await says(page, 'Opening…');
    const [intent] = await asked();
    expect(intent).toEqual({ type: 'open-message', id: expect.any(String), message: MESSAGE });
    await open.seed({ contents: [opened('work', 100)] });
    await says(page, 'the new place by the river');
    await page.locator('button::-p-text(Dinner on Friday?)').click();
    await page.waitForFunction(() => recorder.intents.length > 0);
    // And nothing more: opening a message does not mark it.
    expect(await open.intents()).toEqual([{ type: 'forget', id: intent?.id }]);
    await open.close();
  });

  it('that cannot be had says why, and is asked for again on request', async () => {
    const page = await start();
    const [intent] = await asked();
    const want = newWant(intent?.id ?? '', 'message', Date.now() + 60_000, MESSAGE);
    await open.seed({ wants: [{ ...want, state: 'failed', code: 'message-gone' }] });
    await says(page, 'The message is no longer there.');
    expect(await inspect(page, 'popup-message-failed')).toEqual([]);
    await page.locator('.opened button::-p-text(Try again)').click();
    await says(page, 'Opening…');
    expect(await asked()).toHaveLength(1);
    await open.close();
  });

  it('shows its files, and warns of those that may run something', async () => {
    const file = { part: '2', fileName: 'x', type: 'application/pdf', size: 340_000, risky: false };
    const attachments = [
      { ...file, name: 'Menu for Friday.pdf' },
      { ...file, part: '3', name: 'Photos.exe', size: 12_400_000, risky: true },
    ];
    const page = await start({ contents: [opened('work', 100, { attachments, cut: true })] });
    await says(page, 'Menu for Friday.pdf');
    const text = await page.$eval('.opened', (element) => (element as HTMLElement).innerText);
    for (const words of ['2 files', '340 kB', '12.4 MB', 'longer than what is shown']) expect(text).toContain(words);
    expect(await inspect(page, 'popup-message-files')).toEqual([]);
    await open.close();
  });

  describe.each<[string, string]>([
    ['markup', '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>'],
    ['a line without end', 'x'.repeat(19_000)],
    ['right to left', 'مرحبا بكم في النشرة'],
  ])('hostile or odd: %s', (name, text) => {
    it('is text and nothing else, within its place', async () => {
      const page = await start({ contents: [opened('work', 100, { text })] });
      await page.waitForSelector('.words');
      expect(await page.$eval('.words', (words) => words.textContent)).toBe(text);
      expect(await page.$eval('.words', (words) => words.children.length)).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      expect(await inspect(page, `popup-message-${name.replaceAll(' ', '-')}`)).toEqual([]);
      await open.close();
    });
  });

  it('of two million letters is drawn in part first', async () => {
    const page = await start({ contents: [opened('work', 100, { text: 'word '.repeat(400_000) })] });
    await page.waitForSelector('.words');
    expect(await page.$eval('.words', (words) => words.textContent?.length)).toBeLessThan(21_000);
    await page.locator('.opened button::-p-text(Show all of it)').click();
    await page.waitForFunction(() => (document.querySelector('.words')?.textContent?.length ?? 0) > 1_900_000);
    await open.close();
  });

  it('without any text says so', async () => {
    const page = await start({ contents: [opened('work', 100, { text: ' \n ' })] });
    await says(page, 'This message has no text.');
    await open.close();
  });
});
