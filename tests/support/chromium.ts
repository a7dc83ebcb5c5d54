import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page, type Target } from 'puppeteer-core';
import { find } from '../../scripts/requirements.mjs';
import type { Badge, BrowserDriver, BrowserOptions, ColourScheme } from './browser-driver.ts';
import { ChromiumPage } from './chromium-page.ts';
import { eventually } from './eventually.ts';
import type { PageHandle } from './page-handle.ts';
import { type TemporaryDirectory, temporaryDirectory } from './temporary.ts';

/** It is up within a second on an idle machine. */
const LAUNCH_DEADLINE_MS = 30_000;
const POPUP_DEADLINE_MS = 10_000;
const WORKER_GONE_DEADLINE_MS = 10_000;

/** Each keeps Chromium from talking to anybody but us, or from needing what a server does not have. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
];

/** Chromium without a window, driven by its debugging protocol over a pipe; it ends when the pipe does. */
export class Chromium implements BrowserDriver {
  readonly name = 'chromium';
  readonly #options: BrowserOptions;
  readonly #temporary: TemporaryDirectory | undefined;
  #browser: Browser | undefined;
  #probe: Page | undefined;
  #id = '';
  #scheme: ColourScheme = 'light';
  #backgroundEnds = 0;

  private constructor(options: BrowserOptions) {
    this.#options = options;
    this.#temporary = options.profile === undefined ? temporaryDirectory('chromium') : undefined;
  }

  static async start(options: BrowserOptions): Promise<Chromium> {
    const chromium = new Chromium(options);
    try {
      await chromium.#launch();
    } catch (error) {
      await chromium.close();
      throw error;
    }
    return chromium;
  }

  /** How often the browser has ended the service worker. Watching it from here does not keep it awake. */
  get backgroundEnds(): number {
    return this.#backgroundEnds;
  }

  get origin(): string {
    return `chrome-extension://${this.#id}`;
  }

  async badge(): Promise<Badge> {
    const probe = await this.#openProbe();
    const [text, colour, title] = (await probe.evaluate(
      'Promise.all([chrome.action.getBadgeText({}), chrome.action.getBadgeBackgroundColor({}), chrome.action.getTitle({})])',
    )) as [string, Badge['colour'], string];
    return { text, colour, title };
  }

  async openPopup(): Promise<PageHandle> {
    const probe = await this.#openProbe();
    // The popup belongs to the tab in front; a popup that is open closes and a new one comes.
    await probe.bringToFront();
    const popup = this.#manifest().action?.default_popup;
    const before = new Set(this.#running().targets());
    const opened = this.#running().waitForTarget(
      (target) => !before.has(target) && target.url() === `${this.origin}/${popup}`,
      { timeout: POPUP_DEADLINE_MS },
    );
    const extension = (await this.#running().extensions()).get(this.#id);
    await Promise.all([extension?.triggerAction(probe), opened]);
    return this.#handle(await (await opened).asPage());
  }

  openOptions(): Promise<PageHandle> {
    const page = this.#manifest().options_ui?.page;
    if (!page) throw new Error('the extension has no options page');
    return this.openPage(page);
  }

  async openPage(path: string): Promise<PageHandle> {
    const page = await this.#running().newPage();
    const handle = await this.#handle(page);
    await page.goto(`${this.origin}/${path}`);
    return handle;
  }

  async setColourScheme(scheme: ColourScheme): Promise<void> {
    this.#scheme = scheme;
    const pages = this.#running()
      .targets()
      .filter((target) => target.type() === 'page');
    for (const target of pages) await this.#emulate(await target.asPage());
  }

  async backgroundRuns(): Promise<boolean> {
    return this.#worker() !== undefined;
  }

  async suspendBackground(): Promise<void> {
    const target = this.#worker();
    const worker = await target?.worker();
    await worker?.close();
    await eventually(
      () =>
        !this.#running()
          .targets()
          .some((each) => each === target),
      {
        deadline: WORKER_GONE_DEADLINE_MS,
        what: 'the end of the service worker',
      },
    );
  }

  async kill(): Promise<void> {
    const process = this.#running().process();
    if (process && process.exitCode === null && process.signalCode === null) {
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    }
    await this.#end();
  }

  async restart(): Promise<void> {
    await this.#end();
    await this.#launch();
  }

  async close(): Promise<void> {
    await this.#end();
    this.#temporary?.remove();
  }

  async #launch(): Promise<void> {
    const { extension, executable, profile, window } = this.#options;
    this.#browser = await puppeteer.launch({
      executablePath: executable ?? find('chromium').path ?? 'chromium',
      headless: this.#options.visible !== true,
      // Whoever shows a window ends it in order when the user has had enough.
      handleSIGINT: this.#options.visible !== true,
      pipe: true,
      timeout: LAUNCH_DEADLINE_MS,
      userDataDir: profile ?? this.#temporary?.path ?? '',
      // Only keeps puppeteer from switching extensions off; the flag below loads ours while the browser starts.
      enableExtensions: true,
      defaultViewport: null,
      args: [
        ...CHROMIUM_ARGUMENTS,
        ...(this.#options.byProtocol ? [] : [`--load-extension=${extension}`]),
        // Without a window the screen is small too, and a popup is cut off where the screen ends.
        ...(window
          ? [`--window-size=${window.width},${window.height}`, `--screen-info={${window.width}x${window.height}}`]
          : []),
      ],
    });
    this.#running().on('targetdestroyed', (target) => {
      if (target.type() === 'service_worker') this.#backgroundEnds += 1;
    });
    if (this.#options.byProtocol) await this.#running().installExtension(extension);
    this.#id = await eventually(async () => [...(await this.#running().extensions()).keys()][0], {
      deadline: LAUNCH_DEADLINE_MS,
      what: `Chromium to take the extension ${extension}`,
    });
    await this.#openProbe();
  }

  async #end(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    this.#probe = undefined;
    await browser?.close();
  }

  #running(): Browser {
    if (!this.#browser) throw new Error('Chromium does not run');
    return this.#browser;
  }

  #worker(): Target | undefined {
    return this.#running()
      .targets()
      .find((target) => target.type() === 'service_worker' && target.url().startsWith(this.origin));
  }

  /** A tab with the rights of the extension and no code of it: asking there does not concern the service worker. */
  async #openProbe(): Promise<Page> {
    if (this.#probe && !this.#probe.isClosed()) return this.#probe;
    const probe = await this.#running().newPage();
    await probe.goto(`${this.origin}/manifest.json`);
    this.#probe = probe;
    return probe;
  }

  async #handle(page: Page): Promise<ChromiumPage> {
    await this.#emulate(page);
    return new ChromiumPage(page);
  }

  async #emulate(page: Page): Promise<void> {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: this.#scheme }]);
  }

  #manifest(): { action?: { default_popup?: string }; options_ui?: { page?: string } } {
    return JSON.parse(readFileSync(join(this.#options.extension, 'manifest.json'), 'utf8'));
  }
}
