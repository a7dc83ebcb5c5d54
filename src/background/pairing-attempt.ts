/**
 * A pairing code that was pasted, until the bridge has confirmed it or will never do so. The pairing that there is works
 * on beside it and is replaced by a confirmed one alone.
 */
import type { ErrorCode } from '../model.ts';
import type { Attempt, PendingPairing } from '../store.ts';
import { type LinkSession, type LinkSessionOptions, openLinkSession, type SessionEnd } from './link-session.ts';
import type { PairingStore } from './pairing-store.ts';
import { retryDelay } from './retry-delay.ts';

/** From the bridge's hello to its word that it has written the pairing down. */
const COMMIT_TIMEOUT = 10_000;
/** As long as the bridge takes the code: whoever has to start it first does not paste again. */
const CODE_LIFETIME = 10 * 60_000;

export interface AttemptOptions {
  pairing: PairingStore;
  origin: string;
  version: string;
  /** How this browser is listed by the bridge. */
  label: string;
  openSocket: LinkSessionOptions['openSocket'];
  now: () => number;
  random: () => number;
  /** How it stands now. */
  onState: (attempt: Attempt) => Promise<void>;
  /**
   * The bridge has confirmed: the new pairing is to take the place of the old one.
   * @param known it is the bridge of the old one
   */
  onPaired: (pending: PendingPairing, known: boolean) => Promise<void>;
}

export interface PairingAttempt {
  /** Tries now unless that is going on, or there is nothing to try. Safe at any time. */
  wake(): void;
  /** Another code, or none any more. */
  restart(): void;
  stop(): void;
}

/** `paired`, or why not; `final`: nor will it ever be. */
type Outcome = 'paired' | { code: ErrorCode; final: boolean };

const EXPIRED: Outcome = { code: 'pairing-code-expired', final: true };

export function makePairingAttempt(options: AttemptOptions): PairingAttempt {
  const { pairing: pairings, now } = options;
  let session: LinkSession | null = null;
  let busy = false;
  let startOver = false;
  let stopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  /** What was said last: a reason that stays is not said again. */
  let told: ErrorCode | null = null;

  /** True when it is to be tried again. */
  async function tryOnce(): Promise<boolean> {
    const pending = await pairings.readPending();
    if (!pending) return false;
    const outcome = await tryKeys(pending);
    if (startOver || stopped) return false;
    if (outcome === 'paired') {
      await options.onPaired(pending, await isKnown(pending));
      return false;
    }
    const { code, final } = outcome;
    if (final) await pairings.drop(pending.cid);
    if (final || code !== told) await options.onState({ since: now(), code, over: final });
    told = code;
    return !final;
  }

  /** Until the bridge has confirmed the new key it may know either: the new one is tried first. */
  async function tryKeys(pending: PendingPairing): Promise<Outcome> {
    const { pairedKey, codeKey } = pending;
    // A line by the new key shows that the bridge has it: only its word has not come through.
    if (pairedKey && (await proves(pending, pairedKey))) return 'paired';
    if (startOver || stopped) return { code: 'canceled', final: false };
    const end = await redeem(pending, codeKey);
    if (end === 'paired') return end;
    return judge(end, pending);
  }

  async function judge({ code, final }: SessionEnd, pending: PendingPairing): Promise<Outcome> {
    if (code === 'pairing-revoked') return EXPIRED;
    // A stranger on the port may be gone the next moment: what was proved once is not given up for him.
    if (pending.pairedKey) return { code, final };
    // Our own bridge, which knows the code by what came of it: somebody has used it.
    if (code === 'bridge-unknown') return (await isKnown(pending)) ? EXPIRED : { code, final: true };
    return now() - pending.begun > CODE_LIFETIME ? EXPIRED : { code, final };
  }

  async function redeem(pending: PendingPairing, key: CryptoKey): Promise<'paired' | SessionEnd> {
    let paired = false;
    const current = dial(pending, key, {
      async onProved(newKey) {
        await pairings.keepNewKey(pending.cid, newKey);
        return [{ type: 'commit-pairing', label: options.label }];
      },
      async onEvents(events) {
        paired ||= events.some((event) => event.type === 'paired');
        if (paired) current.close();
      },
    });
    const timer = setTimeout(() => current.close(), COMMIT_TIMEOUT);
    const end = await current.ended;
    clearTimeout(timer);
    return paired ? 'paired' : end;
  }

  /** Whether the bridge on this port has this key. */
  async function proves(where: { cid: Uint8Array; port: number }, key: CryptoKey): Promise<boolean> {
    let proved = false;
    const current = dial(where, key, {
      async onProved() {
        proved = true;
        current.close();
        return [];
      },
      onEvents: async () => {},
    });
    await current.ended;
    return proved;
  }

  async function isKnown({ port }: PendingPairing): Promise<boolean> {
    const old = await pairings.read();
    return old?.port === port && (await proves({ ...old, port }, old.pairedKey));
  }

  function dial(
    { cid, port }: { cid: Uint8Array; port: number },
    key: CryptoKey,
    what: Pick<LinkSessionOptions, 'onProved' | 'onEvents'>,
  ): LinkSession {
    const current = openLinkSession({ ...options, ...what, cid, port, key, onReady: async () => {} });
    session = current;
    return current;
  }

  function wake(): void {
    if (busy || stopped || retry !== undefined) return;
    busy = true;
    void run();
  }

  async function run(): Promise<void> {
    startOver = false;
    // The store has failed, which the link says in words; the code is not lost by it.
    const again = await tryOnce().catch(() => true);
    session = null;
    if (startOver && !stopped) return run();
    busy = false;
    if (!again || stopped) return;
    retry = setTimeout(
      () => {
        retry = undefined;
        wake();
      },
      retryDelay(failures, options.random()),
    );
    failures += 1;
  }

  return {
    wake,
    restart() {
      failures = 0;
      told = null;
      clearTimeout(retry);
      retry = undefined;
      startOver = true;
      session?.close();
      wake();
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      session?.close();
    },
  };
}
