/** A real browser for the pages: opens them on a seeded store, takes pictures, asks axe. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { pathOf } from '../requirements.ts';
import { type BuiltPages, buildPages } from './built-pages.ts';
import type { Seed } from './seed.ts';

const PICTURES = 'test-output/pictures';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface OpenOptions {
  /** CSS pixels; 380 by 600 unless told. */
  width?: number;
  height?: number;
  /** As a tab of its own and not as a popup. */
  tab?: boolean;
  /** The direction of the page's text. */
  direction?: 'rtl';
  /** With a finger and without a mouse. */
  touch?: boolean;
}

/** One page on the store; one at a time. */
export interface OpenPage {
  page: Page;
  /** Writes the store as the background would, and tells the page. */
  seed(content: Seed): Promise<void>;
  /** The intents that were sent since this was asked last. */
  intents(): Promise<unknown[]>;
  /** Closes the page; fails when it has complained on its console. */
  close(): Promise<void>;
}

export interface PageBrowser {
  pages: BuiltPages;
  open(content: Seed, options?: OpenOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export async function startPageBrowser(name: 'popup' | 'options'): Promise<PageBrowser> {
  mkdirSync(PICTURES, { recursive: true });
  const [pages, browser] = await Promise.all([buildPages(name), launch()]);
  const seeder = await browser.newPage();
  await seeder.goto(pages.url('seed'));
  await seeder.waitForFunction(() => 'seed' in globalThis);
  return {
    pages,
    open: (content, options = {}) => openPage(seeder, pages.url(name), content, options),
    close: async () => {
      await browser.close();
      await pages.close();
    },
  };
}

function launch(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: pathOf('chromium'),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--proxy-server=127.0.0.1:9',
      '--proxy-bypass-list=127.0.0.1',
      '--hide-scrollbars',
      '--force-prefers-reduced-motion',
    ],
  });
}

async function openPage(
  seeder: Page,
  address: string,
  content: Seed,
  { width = 380, height = 600, tab = false, direction, touch = false }: OpenOptions,
): Promise<OpenPage> {
  const seed = (rows: Seed) => seeder.evaluate((given) => globalThis.seed(given), rows);
  await seeder.evaluate(() => globalThis.clearAll());
  await seed(content);

  const page = await seeder.browser().newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon')) errors.push(message.text());
  });
  await page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
  if (direction)
    await page.evaluateOnNewDocument(
      (dir) => addEventListener('DOMContentLoaded', () => (document.documentElement.dir = dir)),
      direction,
    );
  await page.goto(address + (tab ? '?tab' : ''));
  return {
    page,
    seed,
    intents: () => page.evaluate(() => recorder.intents.splice(0)),
    close: async () => {
      await page.close();
      if (errors.length > 0) throw new Error(`the page complained: ${errors.join('; ')}`);
    },
  };
}

/** Takes pictures in light and dark, and returns what axe has to say about each; nothing is what is wanted. */
export async function inspect(page: Page, picture: string): Promise<string[]> {
  await page.evaluate(AXE);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  // A popup is as large as its content.
  const { width, height } = await page.evaluate(() => document.body.getBoundingClientRect().toJSON() as DOMRect);
  await page.setViewport({ ...page.viewport(), width: Math.round(width), height: Math.round(height) });
  await page.screenshot({ path: `${PICTURES}/${picture}-dark.png` });
  // The colours are all that differs.
  const dark = (await page.evaluate('axe.run({ runOnly: ["color-contrast"] })')) as AxeResults;
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  await page.screenshot({ path: `${PICTURES}/${picture}-light.png` });
  const light = (await page.evaluate('axe.run()')) as AxeResults;
  return [...findings('dark', dark), ...findings('light', light)];
}

function findings(scheme: string, { violations }: AxeResults): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${scheme} ${id}: ${node.html} ${node.any[0]?.message ?? ''}`),
  );
}
