/** Which browser the demo runs in, and the way in which that one takes the extension. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserDriver } from '../../tests/support/browser-driver.ts';
import { Chromium } from '../../tests/support/chromium.ts';
import { Firefox } from '../../tests/support/firefox.ts';
import { find } from '../requirements.mjs';

export interface FoundBrowser {
  title: string;
  /** @throws Error in one plain sentence */
  start(visible: boolean): Promise<BrowserDriver>;
}

/** Where branded Chrome lies, by system. */
const CHROMES = [
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Wide and high enough for the whole options page. */
const WINDOW = { width: 860, height: 1000 };

/** The first that is there of Chromium, Chrome and Firefox. */
export function findBrowser(): FoundBrowser | null {
  const chromium = find('chromium').path;
  if (chromium !== undefined) return starting('Chromium', (visible) => startChromium(chromium, visible, false));
  // Since 137 branded Chrome ignores the flag that loads an extension; the debugging protocol still does it.
  const chrome = CHROMES.find((path) => existsSync(path));
  if (chrome !== undefined) return starting('Chrome', (visible) => startChromium(chrome, visible, true));
  const firefox = find('firefox').path;
  if (firefox === undefined) return null;
  return starting('Firefox', (visible) =>
    Firefox.start({ extension: resolve('dist-test/firefox'), executable: firefox, visible, window: WINDOW }),
  );
}

function startChromium(executable: string, visible: boolean, byProtocol: boolean): Promise<BrowserDriver> {
  return Chromium.start({ extension: resolve('dist-test/chrome'), executable, visible, byProtocol, window: WINDOW });
}

function starting(title: string, start: FoundBrowser['start']): FoundBrowser {
  return {
    title,
    start: async (visible) => {
      try {
        return await start(visible);
      } catch (cause) {
        // What a browser says on its way down fills screens; its first line names the trouble.
        const [first] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
        throw new Error(`${title} did not start with the extension (${first}).`, { cause });
      }
    },
  };
}
