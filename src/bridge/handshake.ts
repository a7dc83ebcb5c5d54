/** The bridge's side of the handshake on one socket: three messages, then a session, or the door. */
import {
  answerHello,
  importKey,
  makeEphemeral,
  ProofFailed,
  readHelloCid,
  type SecureChannel,
} from '../secure-channel.ts';
import { within } from './deadline.ts';
import type { PairingBook } from './pairing.ts';

/** Both messages of the client together; a browser needs milliseconds. */
const HANDSHAKE_TIMEOUT = 3_000;

export interface Admitted {
  cid: Uint8Array;
  channel: SecureChannel;
  /** The long-term key to store when the browser commits; null when it is paired already. */
  newKey: Uint8Array | null;
}

export interface HandshakeWire {
  /** The next text message. Rejects when the socket closes. */
  next(): Promise<string>;
  send(text: string): void;
}

/** @throws {ProofFailed} for whoever is not a paired browser or the holder of a code, or is too slow */
export async function shakeHands(
  wire: HandshakeWire,
  book: PairingBook,
  origin: string,
  host: string,
): Promise<Admitted> {
  try {
    return await within(prove(wire, book, origin, host), HANDSHAKE_TIMEOUT);
  } catch {
    throw new ProofFailed();
  }
}

async function prove(wire: HandshakeWire, book: PairingBook, origin: string, host: string): Promise<Admitted> {
  const hello = await wire.next();
  const cid = readHelloCid(hello);
  const client = cid && (await book.find(cid));
  // An unknown client, a foreign origin and a wrong proof look alike from outside.
  if (!client || (client.kind === 'paired' && client.origin !== origin)) throw new ProofFailed();
  const binding = { cid, origin, host };
  const server = await answerHello(hello, binding, await importKey(client.key), await makeEphemeral());
  wire.send(server.answer);
  const { channel, pairedKey } = await server.finish(await wire.next());
  return { cid, channel, newKey: client.kind === 'pending' ? pairedKey : null };
}
