/** `letterbox serve`: puts the parts together, runs until it is told to stop. */
import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { makeAccountTest } from './account-test.ts';
import { openAccounts } from './accounts.ts';
import { makeOpenAccount } from './choose-source.ts';
import { makeConnectionBudget } from './connection-budget.ts';
import { watchFile } from './file-watch.ts';
import { lockFolder } from './folder-lock.ts';
import { openLedger } from './ledger.ts';
import type { Log } from './log.ts';
import { openMailroom } from './mailroom.ts';
import { cidText, openPairingBook, PAIRING_FILE } from './pairing.ts';
import { makePendingWork } from './pending-work.ts';
import { type BridgeServer, startServer } from './server.ts';
import { startSession } from './session.ts';
import { openVault } from './vault.ts';
import { watchForWake } from './wake-watch.ts';

export interface ServeOptions {
  folder: string;
  /** 0 takes any free one (tests). */
  port: number;
  version: string;
  log: Log;
  now: () => number;
  random: () => number;
}

export interface RunningBridge {
  readonly port: number;
  stop(): Promise<void>;
}

/** @throws {FolderTaken}, {PortTaken}, {PortDenied}, {UnsafeFolder} or {DamagedFile} */
export async function serve(options: ServeOptions): Promise<RunningBridge> {
  const unlock = await lockFolder(options.folder, options.now);
  try {
    return await serveLocked(options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function serveLocked(options: ServeOptions, unlock: () => Promise<void>): Promise<RunningBridge> {
  const { folder, version, log, now, random } = options;
  const writes = makePendingWork();
  const vault = await openVault(folder);
  const accounts = await openAccounts(folder);
  const ledger = await openLedger(folder, now);
  const book = openPairingBook(folder, now);
  const openAccount = makeOpenAccount({ version, budget: makeConnectionBudget(now), log, now });
  const testAccount = makeAccountTest({ vault, openAccount, now });
  let server: BridgeServer | null = null;

  const mailroom = openMailroom({
    accounts,
    vault,
    ledger,
    openAccount,
    log,
    now,
    random,
    makeEpoch: randomUUID,
  });

  try {
    server = await startServer({
      port: options.port,
      book,
      log,
      now,
      startSession(wire, { cid, channel, newKey }, origin) {
        if (!newKey)
          void writes.add(book.touch(cid)).catch(() => log('warn', 'pairing-file-busy', { client: cidText(cid) }));
        return startSession({
          wire,
          channel,
          mailroom,
          version,
          log,
          testAccount: ({ id, account, secret }, tell) =>
            testAccount(account, secret, (step) => tell({ type: 'progress', id, step })),
          commitPairing: newKey && ((label) => writes.add(book.commit(cid, newKey, origin, label))),
        });
      },
    });
  } catch (error) {
    await mailroom.stop();
    throw error;
  }

  const running = server;
  // `letterbox revoke` is another process: it changes the file, and the browser is out at once.
  const unwatchPairings = watchFile(path.join(folder, PAIRING_FILE), () => {
    void writes.add(running.dropRevoked()).catch(() => log('warn', 'pairing-file-busy'));
  });

  const unwatch = watchForWake({
    now,
    readNetwork,
    onWake() {
      log('info', 'woken');
      mailroom.wake();
    },
  });

  return {
    port: running.port,
    async stop() {
      unwatchPairings();
      unwatch();
      await Promise.all([running.close(), mailroom.stop()]);
      await writes.ended();
      await unlock();
    },
  };
}

/** The addresses of this computer: they change with the network it is on. */
function readNetwork(): string {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).map(({ address }) => `${name} ${address}`),
  );
  return addresses.sort().join(', ');
}
