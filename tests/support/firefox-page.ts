import { writeFileSync } from 'node:fs';
import type { Marionette } from './marionette.ts';
import { type Key, PageHandle } from './page-handle.ts';

/** A script in a page ends or fails within this. */
const SCRIPT_DEADLINE_MS = 20_000;

/** WebDriver's names of keys that are no characters (https://www.w3.org/TR/webdriver2/#keyboard-actions). */
const KEYS: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
};

/**
 * What every script below begins with. Marionette's own actor sits in each page and does there what WebDriver's
 * commands do; asked directly, it reaches a popup as well, which WebDriver does not count as a window.
 */
const ACTOR = `
  const context = BrowsingContext.getCurrentTopByBrowserId($args[0]);
  if (!context) throw new Error('the page is closed');
  const actor = context.currentWindowGlobal.getActor('MarionetteCommands');
  const capabilities = { toJSON: () => ({ 'moz:webdriverClick': true, 'moz:accessibilityChecks': false }) };
  const find = (selector) => actor.findElement('css selector', selector, { timeout: 0 });
`;

export class FirefoxPage extends PageHandle {
  readonly #marionette: Marionette;
  /** Firefox's number of the tab or popup; it stays when the page in it changes. */
  readonly #browserId: number;

  constructor(marionette: Marionette, browserId: number) {
    super();
    this.#marionette = marionette;
    this.#browserId = browserId;
  }

  protected run(expression: string): Promise<unknown> {
    return this.#withActor('return actor.executeScript($args[1], [], { timeout: $args[2] })', [
      `return (${expression})`,
      SCRIPT_DEADLINE_MS,
    ]);
  }

  async click(selector: string): Promise<void> {
    await this.#withActor('await actor.clickElement(await find($args[1]), capabilities)', [selector]);
  }

  async type(selector: string, text: string): Promise<void> {
    await this.#withActor('await actor.sendKeysToElement(await find($args[1]), $args[2], capabilities)', [
      selector,
      text,
    ]);
  }

  async press(key: Key | string): Promise<void> {
    await this.#withActor('await actor.sendKeysToElement(await actor.getActiveElement(), $args[1], capabilities)', [
      KEYS[key] ?? key,
    ]);
  }

  async screenshot(path: string): Promise<void> {
    const picture = await this.#withActor<string>('return actor.takeScreenshot(null, 0, false, false)');
    writeFileSync(path, Buffer.from(picture, 'base64'));
  }

  async close(): Promise<void> {
    await this.#marionette.inBrowser(
      `
      const element = BrowsingContext.getCurrentTopByBrowserId($args[0])?.embedderElement;
      if (!element) return;
      const tab = gBrowser.getTabForBrowser(element);
      if (tab) {
        gBrowser.removeTab(tab, { animate: false });
        return;
      }
      const panel = element.closest('panel');
      const hidden = new Promise((resolve) => panel.addEventListener('popuphidden', resolve, { once: true }));
      panel.hidePopup();
      await hidden;
      `,
      this.#browserId,
    );
  }

  #withActor<T>(body: string, args: readonly unknown[] = []): Promise<T> {
    return this.#marionette.inBrowser<T>(`${ACTOR}\n${body}`, this.#browserId, ...args);
  }
}
