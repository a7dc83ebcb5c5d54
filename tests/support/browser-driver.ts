import { eventually } from './eventually.ts';
import type { PageHandle } from './page-handle.ts';

/** What the toolbar shows of the extension, as the browser itself tells it. */
export interface Badge {
  /** '' when there is none. */
  text: string;
  /** The background: red, green, blue, alpha, each 0 to 255. */
  colour: readonly [number, number, number, number];
  /** The tooltip. */
  title: string;
}

export type ColourScheme = 'light' | 'dark';

export interface BrowserOptions {
  /** The unpacked extension's directory. */
  extension: string;
  /** The program; the installed one when left out. */
  executable?: string;
  /** A directory for the profile that outlives `close`; a temporary one when left out. */
  profile?: string;
  /** Loads the extension by the debugging protocol: the way for branded Chrome, which ignores the flag for it. */
  byProtocol?: boolean;
  /** Shows a window; without, the browser runs where nobody sees it. */
  visible?: boolean;
  /** How wide and high the window is, in CSS pixels. */
  window?: { width: number; height: number };
}

/** A real browser without a window, with one extension in it. */
export interface BrowserDriver {
  readonly name: 'chromium' | 'firefox';
  /** What the extension's pages and its socket call themselves: `chrome-extension://…`, `moz-extension://…`. */
  readonly origin: string;
  /** Reads the badge; neither wakes the background nor keeps it awake. */
  badge(): Promise<Badge>;
  /** Opens the real popup of the toolbar button; what else is open loses the focus, and an open popup closes. */
  openPopup(): Promise<PageHandle>;
  /** Opens the options page in a tab. */
  openOptions(): Promise<PageHandle>;
  /** Opens any page of the extension in a tab: `src/popup/index.html`. */
  openPage(path: string): Promise<PageHandle>;
  /** What pages are told the user prefers, from now on and for the pages that are open. */
  setColourScheme(scheme: ColourScheme): Promise<void>;
  /** Whether the service worker or the event page runs. */
  backgroundRuns(): Promise<boolean>;
  /** Ends the background as the browser does when it is idle, and waits until it has gone; it may start again. */
  suspendBackground(): Promise<void>;
  /** Ends the browser as a crash does. */
  kill(): Promise<void>;
  /** Ends the browser if it still runs, in the friendly way, and starts it with the same profile. */
  restart(): Promise<void>;
  /** Ends the browser and removes a temporary profile. */
  close(): Promise<void>;
}

/**
 * Waits until the badge is as wanted.
 * @param deadline milliseconds
 * @throws Error that tells the last badge seen
 */
export async function waitForBadge(
  browser: BrowserDriver,
  wanted: string | ((badge: Badge) => boolean),
  deadline = 10_000,
): Promise<Badge> {
  let last: Badge | undefined;
  const fits = typeof wanted === 'string' ? (badge: Badge): boolean => badge.text === wanted : wanted;
  return eventually(
    async () => {
      last = await browser.badge();
      return fits(last) && last;
    },
    {
      deadline,
      what: () =>
        `the badge ${typeof wanted === 'string' ? JSON.stringify(wanted) : 'wanted'}; last ${JSON.stringify(last)}`,
    },
  );
}
