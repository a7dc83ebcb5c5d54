/** A web page in a real browser knocks at the bridge by every name of this computer, and is never let in. */
import { createServer, type Server } from 'node:http';
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CHROMIUM_ARGUMENTS } from '../support/chromium.ts';
import { describeWith, pathOf } from '../support/requirements.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';

const NAMES = ['127.0.0.1', 'localhost', 'localhost.', '127.1', '0.0.0.0', '[::1]', '0x7f000001'];

/** Run in the page: how each try ended. */
async function knock(names: string[], port: number): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const name of names) {
    outcomes[name] = await new Promise<string>((resolve) => {
      const timer = setTimeout(() => resolve('nothing'), 3000);
      const end = (outcome: string) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      try {
        const socket = new WebSocket(`ws://${name}:${port}/`, 'mail-bridge-1');
        socket.onopen = () => end('open');
        socket.onmessage = () => end('message');
        socket.onclose = () => end('closed');
      } catch {
        end('refused by the browser');
      }
    });
  }
  return outcomes;
}

for (const name of ['chromium', 'firefox'] as const) {
  describeWith(name, `a web page in ${name}`, () => {
    let directory: TemporaryDirectory;
    let running: TestBridge;
    let pages: Server;
    let browser: Browser;

    beforeEach(async () => {
      directory = temporaryDirectory('web-page');
      running = await startTestBridge(`${directory.path}/data`);
      pages = createServer((_, response) =>
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>'),
      );
      await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
      const common = { executablePath: pathOf(name), headless: true, userDataDir: `${directory.path}/profile` };
      browser = await puppeteer.launch(
        name === 'chromium'
          ? {
              ...common,
              args: CHROMIUM_ARGUMENTS,
            }
          : { ...common, browser: 'firefox' },
      );
    });

    afterEach(async () => {
      await browser?.close();
      await new Promise((resolve) => pages.close(resolve));
      await running.stop();
      directory.remove();
    });

    it('opens no socket and reads no answer', async () => {
      const address = pages.address();
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
      const { port } = running.bridge;
      const outcomes = (await page.evaluate(`(${knock})(${JSON.stringify(NAMES)}, ${port})`)) as Record<string, string>;
      expect(Object.keys(outcomes)).toEqual(NAMES);
      for (const [host, outcome] of Object.entries(outcomes))
        expect(outcome, host).toMatch(/^(closed|refused by the browser)$/);
      const read = await page.evaluate(
        `fetch('http://127.0.0.1:${port}/').then((answer) => answer.text(), () => 'no answer')`,
      );
      expect(read).toBe('no answer');
      expect(running.lines.join('')).not.toContain('session-started');
      // The bridge was there all the time.
      const { client } = await running.pair();
      await client.close();
    });
  });
}
