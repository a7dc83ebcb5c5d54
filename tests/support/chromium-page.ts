import type { KeyInput, Page } from 'puppeteer-core';
import { type Key, PageHandle } from './page-handle.ts';

export class ChromiumPage extends PageHandle {
  readonly page: Page;

  constructor(page: Page) {
    super();
    this.page = page;
  }

  protected run(expression: string): Promise<unknown> {
    return this.page.evaluate(expression);
  }

  async click(selector: string): Promise<void> {
    await this.page.click(selector);
  }

  async type(selector: string, text: string): Promise<void> {
    await this.page.focus(selector);
    await this.page.keyboard.press('End');
    await this.page.keyboard.type(text);
  }

  async press(key: Key | string): Promise<void> {
    await this.page.keyboard.press(key as KeyInput);
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path: path as `${string}.png` });
  }

  async close(): Promise<void> {
    if (!this.page.isClosed()) await this.page.close();
  }
}
