/** A bridge in this process, with its data in a temporary folder. */

import { openDataFolder } from '../../src/bridge/data-folder.ts';
import { makeLog } from '../../src/bridge/log.ts';
import { openPairingBook, type PairingBook } from '../../src/bridge/pairing.ts';
import { type RunningBridge, serve } from '../../src/bridge/serve.ts';
import { formatPairingCode } from '../../src/pairing-code.ts';
import { type Identity, TestClient } from './test-client.ts';

export interface TestBridge {
  bridge: RunningBridge;
  book: PairingBook;
  /** The lines of its log so far. */
  lines: string[];
  pairCode(): Promise<string>;
  /** A browser that is paired and listens. */
  pair(): Promise<{ client: TestClient; identity: Identity }>;
  stop(): Promise<void>;
}

/** Starts one on a free port, or on `port`. */
export async function startTestBridge(folder: string, port = 0): Promise<TestBridge> {
  await openDataFolder(folder);
  const lines: string[] = [];
  const log = makeLog((line) => lines.push(line), Date.now);
  const bridge = await serve({ folder, port, version: '0.0.0', log, now: Date.now, random: Math.random });
  const book = openPairingBook(folder, Date.now);
  const pairCode = async () => {
    const code = await book.addPending(bridge.port);
    if (!code) throw new Error('too many codes');
    return formatPairingCode(code);
  };
  return {
    bridge,
    book,
    lines,
    pairCode,
    pair: async () => TestClient.pair(await pairCode(), [{ type: 'resume', mailboxes: [] }]),
    stop: () => bridge.stop(),
  };
}
