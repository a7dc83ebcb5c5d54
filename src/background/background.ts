/** The background's parts, put together once the store is open. */
import browser from 'webextension-polyfill';
import type { Intent, Receipt } from '../intents.ts';
import { type BridgeEvent, DEFAULT_PORT, type UnknownMessage } from '../protocol.ts';
import {
  type Link,
  openStore,
  readAccounts,
  readLink,
  readMailboxes,
  readOutbox,
  readStatuses,
  type Store,
} from '../store.ts';
import { act, firstCommands, resumeCommand } from './actions.ts';
import { badgeOf, GRACE, paintBadge } from './badge.ts';
import { makeContentWriter } from './content-writer.ts';
import { type LinkHandle, makeLink } from './link.ts';
import { makePairingStore } from './pairing-store.ts';
import { makeQuestions } from './questions.ts';
import { keysOf, makeStoreWriter } from './store-writer.ts';
import { makeSync } from './sync.ts';

export interface Background {
  handle(intent: Intent): Promise<Receipt>;
  /** What an alarm or the browser's start asks for: a line, and a badge that is true. */
  wake(): Promise<void>;
}

const now = () => Date.now();

export async function startBackground(): Promise<Background> {
  const store = await openStore();
  const writer = makeStoreWriter(store);
  const sync = makeSync(store);
  const pairing = makePairingStore();
  const readState = async (): Promise<Link> =>
    (await readLink(store)) ?? { state: 'unpaired', code: null, since: 0, port: DEFAULT_PORT, bridgeVersion: '' };
  const repaint = coalesced(async () => paintBadge(badgeOf(await readFacts(store, await readState()))));

  const link: LinkHandle = makeLink({
    pairing,
    origin: self.location.origin,
    version: browser.runtime.getManifest().version,
    label: await browserLabel(),
    openSocket: (url, protocol) => new WebSocket(url, protocol),
    stayAwake: () => void browser.runtime.getPlatformInfo(),
    now,
    random: Math.random,
    readLink: readState,
    async onState(next) {
      await writer.setLink(next);
      if (next.state !== 'ready') {
        sync.reset();
        questions.reset();
        await writer.failWants('bridge-unreachable', null);
        // The badge keeps its looks for a moment: a bridge that restarts is back by then.
        setTimeout(() => void repaint(), GRACE + 50);
      }
      await repaint();
    },
    firstCommands: () => firstCommands(store),
    onEvents: receive,
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

  link.wake();
  return {
    async handle(intent) {
      const receipt = await act(intent, { store, writer, pairing, link, questions, readLink: readState, now });
      await repaint();
      return receipt;
    },
    async wake() {
      link.wake();
      await writer.failWants('timed-out', now());
      await repaint();
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
