import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { find } from '../../scripts/requirements.mjs';
import type { Badge, BrowserDriver, BrowserOptions, ColourScheme } from './browser-driver.ts';
import { eventually } from './eventually.ts';
import { FirefoxPage } from './firefox-page.ts';
import { forgetMarionettePort, packExtension, readMarionettePort, writePreferences } from './firefox-profile.ts';
import { Marionette } from './marionette.ts';
import { OwnedProcess } from './owned-process.ts';
import type { PageHandle } from './page-handle.ts';
import { type TemporaryDirectory, temporaryDirectory } from './temporary.ts';

/** It is up within 3 s on an idle machine. */
const LAUNCH_DEADLINE_MS = 60_000;
const QUIT_PATIENCE_MS = 15_000;
const POPUP_DEADLINE_MS = 10_000;

export interface FirefoxOptions extends BrowserOptions {
  /**
   * Install it as `about:debugging` does, until the browser ends, and again after each restart.
   * Otherwise it is packed and installed for good, which is what users have.
   */
  temporary?: boolean;
}

/** What scripts in Firefox's own window begin with. */
const EXTENSION = `
  const policy = WebExtensionPolicy.getByID($args[0]);
  if (!policy?.extension) throw new Error('Firefox has not loaded the extension');
  const { extension } = policy;
  const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
  const action = () => ExtensionParent.apiManager.global.browserActionFor(extension);
`;

/** Firefox without a window, driven by Marionette. */
export class Firefox implements BrowserDriver {
  readonly name = 'firefox';
  readonly #options: FirefoxOptions;
  readonly #temporary: TemporaryDirectory | undefined;
  readonly #profile: string;
  readonly #manifest: Manifest;
  #process: OwnedProcess | undefined;
  #marionette: Marionette | undefined;
  #origin = '';
  #installed = false;

  private constructor(options: FirefoxOptions) {
    this.#options = options;
    this.#temporary = options.profile === undefined ? temporaryDirectory('firefox') : undefined;
    this.#profile = options.profile ?? this.#temporary?.path ?? '';
    this.#manifest = JSON.parse(readFileSync(join(options.extension, 'manifest.json'), 'utf8')) as Manifest;
  }

  static async start(options: FirefoxOptions): Promise<Firefox> {
    const firefox = new Firefox(options);
    try {
      await firefox.#launch();
    } catch (error) {
      await firefox.close();
      throw error;
    }
    return firefox;
  }

  get origin(): string {
    return this.#origin;
  }

  async badge(): Promise<Badge> {
    return this.#withExtension<Badge>(`
      const { badgeText, badgeBackgroundColor, title } = action().action.getContextData(null);
      return { text: badgeText ?? '', colour: [...badgeBackgroundColor], title };
    `);
  }

  async openPopup(): Promise<PageHandle> {
    await this.#withExtension(`
      const open = () => [...document.querySelectorAll('panel')].find((panel) =>
        panel.state === 'open' && panel.querySelector('.webextension-popup-browser'));
      const before = open();
      if (before) {
        const hidden = new Promise((resolve) => before.addEventListener('popuphidden', resolve, { once: true }));
        before.hidePopup();
        await hidden;
      }
      window.focus();
      action().triggerAction(window);
    `);
    const url = `${this.#origin}/${this.#manifest.action?.default_popup}`;
    const id = await eventually(
      () =>
        this.#withExtension<number>(
          `
          const browser = [...document.querySelectorAll('.webextension-popup-browser')].find((each) =>
            each.closest('panel')?.state === 'open' && each.browsingContext?.currentURI?.spec === $args[1]);
          return browser?.browserId ?? 0;
          `,
          url,
        ),
      { deadline: POPUP_DEADLINE_MS, what: 'the popup' },
    );
    return new FirefoxPage(this.#running(), id);
  }

  openOptions(): Promise<PageHandle> {
    const page = this.#manifest.options_ui?.page;
    if (!page) throw new Error('the extension has no options page');
    return this.openPage(page);
  }

  async openPage(path: string): Promise<PageHandle> {
    const id = await this.#withExtension<number>(
      `
      const tab = gBrowser.addTab($args[1], {
        triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
      });
      gBrowser.selectedTab = tab;
      return tab.linkedBrowser.browserId;
      `,
      `${this.#origin}/${path}`,
    );
    const page = new FirefoxPage(this.#running(), id);
    await eventually(
      () => page.evaluate<boolean>('location.protocol !== "about:" && document.readyState === "complete"'),
      {
        what: `the page ${path}`,
      },
    );
    return page;
  }

  async setColourScheme(scheme: ColourScheme): Promise<void> {
    // The first is for tabs; a popup is part of the window and follows the system's theme.
    await this.#running().inBrowser(
      `
      Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', $args[0] ? 0 : 1);
      Services.prefs.setIntPref('ui.systemUsesDarkTheme', $args[0] ? 1 : 0);
      `,
      scheme === 'dark',
    );
  }

  async backgroundRuns(): Promise<boolean> {
    return (await this.#withExtension<string>('return extension.backgroundState')) === 'running';
  }

  async suspendBackground(): Promise<void> {
    await this.#withExtension('await extension.terminateBackground({ ignoreDevToolsAttached: true })');
    await eventually(async () => !(await this.backgroundRuns()), { what: 'the end of the event page' });
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.ended;
    this.#marionette?.close();
    this.#marionette = undefined;
  }

  async restart(): Promise<void> {
    await this.#quit();
    await this.#launch();
  }

  async close(): Promise<void> {
    await this.#quit();
    this.#temporary?.remove();
  }

  /** What Firefox wrote since it was last started. */
  log(): string {
    return this.#process?.log() ?? '';
  }

  async #launch(): Promise<void> {
    const { executable, window } = this.#options;
    writePreferences(this.#profile);
    forgetMarionettePort(this.#profile);
    const program = new OwnedProcess(
      executable ?? find('firefox').path ?? 'firefox',
      [
        ...(this.#options.visible ? [] : ['-headless']),
        ...['-no-remote', '-profile', this.#profile, '-marionette', '-remote-allow-system-access'],
        ...(window ? ['-width', String(window.width), '-height', String(window.height)] : []),
      ],
      { env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1' } },
    );
    this.#process = program;
    const port = await program.untilReady(
      eventually(() => !program.running || readMarionettePort(this.#profile), {
        deadline: LAUNCH_DEADLINE_MS,
        what: 'Firefox to listen for its driver',
      }),
    );
    this.#marionette = await Marionette.connect(Number(port));
    await this.#marionette.send('WebDriver:NewSession', {});
    await this.#marionette.send('Marionette:SetContext', { value: 'chrome' });
    await this.#install();
    this.#origin = await eventually(
      () => this.#withExtension<string>('return action() && "moz-extension://" + policy.mozExtensionHostname'),
      { deadline: LAUNCH_DEADLINE_MS, what: () => `Firefox to take the extension\n${this.log()}` },
    );
  }

  async #install(): Promise<void> {
    const { extension, temporary = false } = this.#options;
    if (temporary) {
      await this.#running().send('Addon:Install', { path: extension, temporary: true });
      return;
    }
    if (this.#installed) return;
    const directory = temporaryDirectory('xpi');
    try {
      const file = join(directory.path, 'extension.xpi');
      packExtension(extension, file);
      await this.#running().send('Addon:Install', { path: file, temporary: false });
    } finally {
      directory.remove();
    }
    // The origin is a preference; a browser that is killed soon shall still have it.
    await this.#running().inBrowser('Services.prefs.savePrefFile(null)');
    this.#installed = true;
  }

  async #quit(): Promise<void> {
    const marionette = this.#marionette;
    this.#marionette = undefined;
    const asked = this.#process?.running && marionette;
    // The answer may come or not: the connection ends with the program.
    if (asked) await marionette.send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => undefined);
    marionette?.close();
    if (!asked) this.#process?.kill('SIGTERM');
    await this.#process?.untilEnded(QUIT_PATIENCE_MS);
  }

  #running(): Marionette {
    if (!this.#marionette) throw new Error('Firefox does not run');
    return this.#marionette;
  }

  #withExtension<T>(body: string, ...args: unknown[]): Promise<T> {
    const id = this.#manifest.browser_specific_settings?.gecko?.id;
    return this.#running().inBrowser<T>(`${EXTENSION}\n${body}`, id, ...args);
  }
}

interface Manifest {
  action?: { default_popup?: string };
  options_ui?: { page?: string };
  browser_specific_settings?: { gecko?: { id?: string } };
}
