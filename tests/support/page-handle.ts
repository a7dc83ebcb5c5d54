import { eventually } from './eventually.ts';

/** What travels into a page and back. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Keys that `press` knows; others are typed as they are. */
export type Key = 'Enter' | 'Escape' | 'Tab' | 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End';

/** A popup or a tab of the extension in a real browser. */
export abstract class PageHandle {
  /**
   * Runs a function in the page; it must not use anything from around it. A string is an expression. A promise is
   * waited for, and what comes back must be JSON.
   */
  async evaluate<T, A extends readonly Json[] = readonly Json[]>(
    script: string | ((...args: A) => T),
    ...args: A
  ): Promise<Awaited<T>> {
    const expression = typeof script === 'string' ? script : `(${script.toString()})(...${JSON.stringify(args)})`;
    return (await this.run(expression)) as Awaited<T>;
  }

  /** Clicks as a mouse does, so that the page sees a trusted event. */
  abstract click(selector: string): Promise<void>;
  /** Focuses the element and types at the end of what is there. */
  abstract type(selector: string, text: string): Promise<void>;
  /** Presses and releases one key where the focus is. */
  abstract press(key: Key | string): Promise<void>;
  /** Writes a picture of what is visible as PNG. */
  abstract screenshot(path: string): Promise<void>;
  abstract close(): Promise<void>;

  /** Runs one expression in the page. */
  protected abstract run(expression: string): Promise<unknown>;

  /** Waits until an element is there or a function run in the page returns something truthy. `deadline` in ms. */
  async waitFor(wanted: string | (() => unknown), deadline = 10_000): Promise<void> {
    const expression =
      typeof wanted === 'string' ? `document.querySelector(${JSON.stringify(wanted)}) !== null` : `(${wanted})()`;
    await eventually(() => this.evaluate<unknown>(`Promise.resolve(${expression}).then(Boolean)`), {
      deadline,
      what: `in the page: ${expression}`,
    });
  }

  /** The visible text of the first such element. */
  async text(selector: string): Promise<string> {
    return this.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText.trim()`);
  }
}
