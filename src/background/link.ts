/**
 * The link to the bridge, for as long as there is a pairing.
 *
 *     unpaired ──(pair)──> connecting ──> ready ──> lost ──(tried again and again)──> ready …
 *                              └──> refused (said in words; tried again all the same, for a bridge that was updated)
 */
import type { ErrorCode } from '../model.ts';
import type { BridgeEvent, Command, UnknownMessage } from '../protocol.ts';
import type { Link, Pairing } from '../store.ts';
import { KEEP_ALIVE, type LinkSession, openLinkSession, type SessionEnd } from './link-session.ts';
import type { PairingStore } from './pairing-store.ts';

/** A bridge that restarts is back in a second; one that is off costs one refused connection every ten. */
const RETRY_DELAYS = [250, 500, 1_000, 2_000, 4_000, 8_000];
const LONGEST_DELAY = 10_000;
/** A bridge that has refused us counts failures; this stays well below what slows others down. */
const DELAY_WHEN_REFUSED = 30_000;

export interface LinkOptions {
  pairing: PairingStore;
  origin: string;
  version: string;
  /** How this browser is listed by the bridge. */
  label: string;
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
  /** Drops the line and dials at once: another pairing or port, or the user asks. */
  restart(): void;
  /** False when there is no line; nothing was sent then. */
  send(commands: Command[]): boolean;
}

export function makeLink(options: LinkOptions): LinkHandle {
  const { pairing: pairings } = options;
  let session: LinkSession | null = null;
  let ready = false;
  let busy = false;
  let startOver = false;
  /** A page had something to send while there was no line. */
  let missed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  async function setState(state: Link['state'], code: ErrorCode | null, bridgeVersion?: string): Promise<void> {
    const before = await options.readLink();
    const sameSide = before.state !== 'unpaired' && (before.state === 'ready') === (state === 'ready');
    await options.onState({
      ...before,
      state,
      code,
      // Since when there has been a line, or none, however often it was tried meanwhile.
      since: sameSide ? before.since : options.now(),
      bridgeVersion: bridgeVersion ?? before.bridgeVersion,
    });
  }

  /** One attempt, and the line it leads to until that is gone. Resolves with how the link stands then. */
  async function connect(): Promise<Link['state']> {
    const pairing = await pairings.read();
    if (!pairing) {
      await setState('unpaired', null);
      return 'unpaired';
    }
    const before = await options.readLink();
    // While it is tried again the reason stays on show: nothing blinks.
    if (before.state === 'ready' || before.state === 'unpaired') await setState('connecting', null);
    const end = await tryKeys(pairing, before.port);
    if (startOver) return 'lost';
    const state = end.final ? 'refused' : 'lost';
    // The code of a pairing that the bridge has never confirmed: there was nothing to revoke.
    const unconfirmed = (await pairings.read())?.codeKey;
    const expired = unconfirmed && end.code === 'pairing-revoked';
    await setState(state, expired ? 'pairing-code-expired' : end.code);
    return state;
  }

  /** Until the bridge has confirmed the new key it may know either: the new one is tried first. */
  async function tryKeys(pairing: Pairing, port: number): Promise<SessionEnd> {
    let end: SessionEnd = { code: 'bridge-unreachable', final: false };
    for (const key of [pairing.pairedKey, pairing.codeKey]) {
      if (!key || startOver) continue;
      end = await hold(pairing, key, port);
      if (end.code !== 'bridge-unknown' && end.code !== 'pairing-revoked') break;
    }
    return end;
  }

  async function hold(pairing: Pairing, key: CryptoKey, port: number): Promise<SessionEnd> {
    const withCode = key === pairing.codeKey;
    const current = openLinkSession({
      ...options,
      port,
      key,
      cid: pairing.cid,
      async onProved(newKey) {
        // A line by the new key shows that the bridge has it too.
        if (!withCode) await pairings.confirm();
        else await pairings.keepNewKey(newKey);
        return withCode ? [{ type: 'commit-pairing', label: options.label }] : [];
      },
      async onReady(bridgeVersion) {
        failures = 0;
        let first: Command[];
        // What is written down while the outbox is read finds no line yet: it is read again, so that nothing stays behind.
        do {
          missed = false;
          first = await options.firstCommands();
        } while (missed);
        current.send(first);
        ready = true;
        await setState('ready', null, bridgeVersion);
      },
      async onEvents(events) {
        if (events.some((event) => event.type === 'paired')) await pairings.confirm();
        await options.onEvents(events);
      },
    });
    session = current;
    const end = await current.ended;
    session = null;
    ready = false;
    return end;
  }

  function wake(): void {
    if (busy || retry !== undefined) return;
    busy = true;
    void connect().catch(fail).then(scheduleNext);
  }

  async function fail(): Promise<Link['state']> {
    // The store may be what has failed: a state that cannot be written must not end the attempts.
    await setState('lost', 'internal').catch(() => {});
    return 'lost';
  }

  function scheduleNext(state: Link['state']): void {
    busy = false;
    if (startOver) {
      startOver = false;
      wake();
      return;
    }
    if (state === 'unpaired') return;
    const delay = state === 'refused' ? DELAY_WHEN_REFUSED : (RETRY_DELAYS[failures] ?? LONGEST_DELAY);
    failures += 1;
    retry = setTimeout(
      () => {
        retry = undefined;
        wake();
      },
      delay * (0.5 + options.random() / 2),
    );
  }

  function restart(): void {
    failures = 0;
    clearTimeout(retry);
    retry = undefined;
    if (!busy) {
      wake();
      return;
    }
    startOver = true;
    ready = false;
    session?.close();
  }

  // While a pairing exists the background is wanted, with a line or without: it is what brings the line back.
  setInterval(() => {
    void pairings.read().then((pairing) => pairing && options.stayAwake());
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
  };
}
