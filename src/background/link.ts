/**
 * The link to the bridge, for as long as there is a pairing.
 *
 *     unpaired ──(paired)──> connecting ──> ready ──> lost ──(tried again and again)──> ready …
 *                              └──> refused (said in words; tried again all the same, for a bridge that was updated)
 */
import type { ErrorCode } from '../model.ts';
import type { BridgeEvent, Command, UnknownMessage } from '../protocol.ts';
import type { Link, Pairing } from '../store.ts';
import { KEEP_ALIVE, type LinkSession, openLinkSession, type SessionEnd } from './link-session.ts';
import { type PairingStore, PairingUnreadable } from './pairing-store.ts';
import { retryDelay, spread } from './retry-delay.ts';

/** A bridge that has refused us counts failures; this stays well below what slows others down. */
const DELAY_WHEN_REFUSED = 30_000;

export interface LinkOptions {
  pairing: PairingStore;
  origin: string;
  version: string;
  openSocket: (url: string, protocol: string) => WebSocket;
  /** An API call that counts as activity, so that the browser keeps the background. */
  stayAwake: () => void;
  now: () => number;
  random: () => number;
  readLink: () => Promise<Link>;
  /** The link stands differently now. */
  onState: (link: Link) => Promise<void>;
  /** What to say first on a new line. */
  firstCommands: () => Promise<Command[]>;
  onEvents: (events: (BridgeEvent | UnknownMessage)[]) => Promise<void>;
}

export interface LinkHandle {
  /** Dials now unless there is a line, an attempt or a wait for the next one. Safe at any time. */
  wake(): void;
  /**
   * Drops the line and dials at once: another pairing or port, or the user asks.
   * @param between done while there is no line and nothing of the old one can come in any more
   * @returns what `between` does
   */
  restart(between?: () => Promise<void>): Promise<void>;
  /** False when there is no line; nothing was sent then. */
  send(commands: Command[]): boolean;
  /** Drops the line for good. */
  stop(): void;
}

export function makeLink(options: LinkOptions): LinkHandle {
  const { pairing: pairings } = options;
  let session: LinkSession | null = null;
  let ready = false;
  let busy = false;
  let startOver = false;
  let stopped = false;
  /** What waits for the end of the line. Each tells its own failure. */
  let between: (() => Promise<void>)[] = [];
  /** A page had something to send while there was no line. */
  let missed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  async function setState(state: Link['state'], code: ErrorCode | null, rest: Partial<Link> = {}): Promise<void> {
    const before = await options.readLink();
    const sameSide = before.state !== 'unpaired' && (before.state === 'ready') === (state === 'ready');
    // Since when there has been a line, or none, however often it was tried meanwhile.
    const since = sameSide ? before.since : options.now();
    await options.onState({ ...before, state, code, since, ...rest });
  }

  /** One attempt, and the line it leads to until that is gone. Resolves with how the link stands then. */
  async function connect(): Promise<Link['state']> {
    const pairing = await pairings.read();
    if (!pairing) {
      await setState('unpaired', null);
      return 'unpaired';
    }
    const before = await options.readLink();
    const port = pairing.port ?? before.port;
    // While it is tried again the reason stays on show: nothing blinks.
    if (before.state === 'ready' || before.state === 'unpaired') await setState('connecting', null, { port });
    if (startOver || stopped) return 'lost';
    const end = await hold(pairing, port);
    if (startOver || stopped) return 'lost';
    const state = end.final ? 'refused' : 'lost';
    await setState(state, end.code);
    return state;
  }

  async function hold({ cid, pairedKey }: Pairing, port: number): Promise<SessionEnd> {
    const current = openLinkSession({
      ...options,
      port,
      key: pairedKey,
      cid,
      onProved: async () => [],
      async onReady(bridgeVersion) {
        failures = 0;
        let first: Command[];
        // What is written down while the outbox is read finds no line yet: it is read again, so that nothing stays behind.
        do {
          missed = false;
          first = await options.firstCommands();
        } while (missed);
        if (startOver || stopped) return;
        current.send(first);
        ready = true;
        await setState('ready', null, { bridgeVersion });
      },
    });
    session = current;
    const end = await current.ended;
    session = null;
    ready = false;
    return end;
  }

  function wake(): void {
    if (busy || stopped || retry !== undefined) return;
    busy = true;
    void dial();
  }

  async function dial(): Promise<void> {
    const waiting = between;
    between = [];
    startOver = false;
    for (const work of waiting) await work();
    scheduleNext(stopped ? 'lost' : await connect().catch(fail));
  }

  async function fail(error: unknown): Promise<Link['state']> {
    // The store may be what has failed: a state that cannot be written must not end the attempts.
    const storage = error instanceof DOMException || error instanceof PairingUnreadable;
    await setState('lost', storage ? 'storage-failed' : 'internal').catch(() => {});
    return 'lost';
  }

  function scheduleNext(state: Link['state']): void {
    if (startOver) {
      void dial();
      return;
    }
    busy = false;
    if (state === 'unpaired' || stopped) return;
    const random = options.random();
    const delay = state === 'refused' ? spread(DELAY_WHEN_REFUSED, random) : retryDelay(failures, random);
    failures += 1;
    retry = setTimeout(() => {
      retry = undefined;
      wake();
    }, delay);
  }

  function restart(work: () => Promise<void> = async () => {}): Promise<void> {
    failures = 0;
    clearTimeout(retry);
    retry = undefined;
    const done = new Promise<void>((resolve, reject) => {
      between.push(() => work().then(resolve, reject));
    });
    if (busy) {
      startOver = true;
      ready = false;
      session?.close();
    } else {
      busy = true;
      void dial();
    }
    return done;
  }

  // While a pairing exists the background is wanted, with a line or without: it is what brings the line back.
  const keepAlive = setInterval(() => {
    pairings.read().then(
      (pairing) => pairing && options.stayAwake(),
      // The link meets the same failure and says so.
      () => {},
    );
  }, KEEP_ALIVE);

  return {
    wake,
    restart,
    send(commands) {
      if (!ready || !session) {
        missed = true;
        return false;
      }
      session.send(commands);
      return true;
    },
    stop() {
      stopped = true;
      ready = false;
      clearInterval(keepAlive);
      clearTimeout(retry);
      retry = undefined;
      session?.close();
    },
  };
}
