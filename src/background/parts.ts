/** The background's parts, put together on an open store. */
import browser from 'webextension-polyfill';
import type { Intent, Receipt } from '../intents.ts';
import type { BridgeEvent, UnknownMessage } from '../protocol.ts';
import {
  type Link,
  newLink,
  readAccounts,
  readLink,
  readMailboxes,
  readOutbox,
  readStatuses,
  type Store,
} from '../store.ts';
import { type ActionsOptions, act, adopt, firstCommands, resumeCommand } from './actions.ts';
import { badgeOf, GRACE, paintBadge } from './badge.ts';
import { makeContentWriter } from './content-writer.ts';
import { makeLink } from './link.ts';
import { makePairingAttempt } from './pairing-attempt.ts';
import type { PairingStore } from './pairing-store.ts';
import { makeQuestions } from './questions.ts';
import { keysOf, makeStoreWriter } from './store-writer.ts';
import { makeSync } from './sync.ts';

/** How long the options say that a code was not worth anything. */
const ATTEMPT_SHOWN = 10 * 60_000;

export interface Parts {
  handle(intent: Intent): Promise<Receipt>;
  wake(): Promise<void>;
  /** Lets go of everything but the store. */
  stop(): void;
}

const now = () => Date.now();

/** @param onFailure the store has failed at work */
export async function assemble(
  store: Store,
  pairing: PairingStore,
  onFailure: (error: unknown) => void,
): Promise<Parts> {
  const writer = makeStoreWriter(store);
  const sync = makeSync(store);
  let stopped = false;

  const readState = async (): Promise<Link> => {
    const link = await readLink(store);
    if (link) return link;
    // A store that was made anew: where the bridge is, is known beside it.
    return newLink((await pairing.read().catch(() => null))?.port);
  };
  /** Whoever waits for the work meets the failure too. */
  async function guard<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      if (error instanceof DOMException && !stopped) onFailure(error);
      throw error;
    });
  }
  const paint = coalesced(async () => {
    if (!stopped) await paintBadge(badgeOf(await readFacts(store, await readState())));
  });
  /** Never rejects: a badge that cannot be counted is painted by whoever takes the failure. */
  const repaint = () => guard(paint()).catch(() => {});

  const shared = {
    pairing,
    origin: self.location.origin,
    version: browser.runtime.getManifest().version,
    openSocket: (url: string, protocol: string) => new WebSocket(url, protocol),
    now,
    random: Math.random,
  };

  const link = makeLink({
    ...shared,
    stayAwake: () => void browser.runtime.getPlatformInfo(),
    readLink: readState,
    async onState(next) {
      await guard(writer.setLink(next));
      if (next.state !== 'ready') {
        sync.reset();
        questions.reset();
        await guard(writer.failWants('bridge-unreachable', null));
        // The badge keeps its looks for a moment: a bridge that restarts is back by then.
        setTimeout(() => void repaint(), GRACE + 50);
      }
      await repaint();
    },
    firstCommands: () => guard(firstCommands(store)),
    onEvents: (events) => guard(receive(events)),
  });

  const attempt = makePairingAttempt({
    ...shared,
    label: await browserLabel(),
    onState: (state) => guard(writer.setAttempt(state)),
    onPaired: (pending, known) => guard(adopt(pending, known, actions)),
  });

  async function receive(events: (BridgeEvent | UnknownMessage)[]): Promise<void> {
    const gap = await sync.apply(events);
    for (const event of events) {
      if (event.type === 'settled') await writer.settleOperation(event.id, event.code);
      if (event.type === 'unsupported' && event.id) await writer.settleOperation(event.id, 'unsupported');
      await questions.take(event);
    }
    if (gap) link.send([resumeCommand(await readMailboxes(store))]);
    await repaint();
  }

  const questions = makeQuestions({
    store,
    writer,
    contents: makeContentWriter(store),
    send: (commands) => link.send(commands),
    now,
  });

  const actions: ActionsOptions = { store, writer, pairing, attempt, link, questions, readLink: readState, now };

  link.wake();
  attempt.wake();
  return {
    async handle(intent) {
      const receipt = await guard(act(intent, actions));
      await repaint();
      return receipt;
    },
    async wake() {
      link.wake();
      attempt.wake();
      await guard(writer.failWants('timed-out', now()));
      const shown = (await guard(readState())).attempt;
      if (shown?.over && now() - shown.since > ATTEMPT_SHOWN) await guard(writer.setAttempt(null));
      await repaint();
    },
    stop() {
      stopped = true;
      attempt.stop();
      link.stop();
    },
  };
}

async function readFacts(store: Store, link: Link) {
  const outbox = await readOutbox(store);
  const touched = new Set(outbox.flatMap(({ operation }) => ('folder' in operation ? [operation.account] : [])));
  const rows = await Promise.all([...touched].map((account) => store.getAll('messages', keysOf(account))));
  return {
    accounts: await readAccounts(store),
    statuses: await readStatuses(store),
    outbox,
    link,
    rows: rows.flat(),
    now: now(),
  };
}

/** Runs the work again if it was asked for meanwhile, and never twice at once. */
function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  return function run() {
    if (running !== null) {
      again = true;
      return running;
    }
    running = work().finally(() => {
      running = null;
      if (!again) return;
      again = false;
      return run();
    });
    return running;
  };
}

/** Such as "Firefox on linux": how `letterbox clients` lists this browser. */
async function browserLabel(): Promise<string> {
  const { os } = await browser.runtime.getPlatformInfo();
  const name = self.location.protocol === 'moz-extension:' ? 'Firefox' : 'Chrome';
  return `${name} on ${os}`;
}
