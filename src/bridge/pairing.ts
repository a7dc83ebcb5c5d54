/**
 * The paired browsers and the codes that wait to be pasted: a file that the serving bridge and the commands share.
 * Each change is made under a lock; each look reads the file again.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import type { PairingCode } from '../pairing-code.ts';
import { withFileLock } from './file-lock.ts';
import { jsonFile } from './json-file.ts';

/** How long a code can be redeemed: time to switch windows, not time to be found. */
export const CODE_LIFETIME = 10 * 60_000;
/** More open codes than this are no use to anyone but a guesser. */
export const MAX_PENDING = 3;

const clientSchema = v.object({
  cid: v.string(),
  /** base64 */
  key: v.string(),
  origin: v.string(),
  label: v.string(),
  created: v.number(),
  lastSeen: v.number(),
});
const pendingSchema = v.object({ cid: v.string(), secret: v.string(), expires: v.number() });
const bookSchema = v.object({ clients: v.array(clientSchema), pending: v.array(pendingSchema) });

/** A paired browser as the user may see it. */
export type Client = Omit<v.InferOutput<typeof clientSchema>, 'key'>;

/** Whom a client id belongs to, with the key that it must prove. */
export type KnownClient = { kind: 'paired'; key: Buffer; origin: string } | { kind: 'pending'; key: Buffer };

export interface PairingBook {
  /** Makes a code for the port. null when three are waiting already. */
  addPending(port: number): Promise<PairingCode | null>;
  find(cid: Uint8Array): Promise<KnownClient | null>;
  /** Turns a waiting code into a paired browser; false when the code has expired meanwhile. */
  commit(cid: Uint8Array, key: Uint8Array, origin: string, label: string): Promise<boolean>;
  clients(): Promise<Client[]>;
  /** Notes that the browser was here. */
  touch(cid: Uint8Array): Promise<void>;
  /** Forgets one browser, or all; gives the ids that were forgotten. */
  revoke(cid: string | 'all'): Promise<string[]>;
}

/** The public id of a client as text, for lists and logs. */
export function cidText(cid: Uint8Array): string {
  return Buffer.from(cid).toString('hex');
}

export const PAIRING_FILE = 'pairing.json';

export function openPairingBook(folder: string, now: () => number): PairingBook {
  const file = path.join(folder, PAIRING_FILE);
  const book = jsonFile(file, bookSchema, { clients: [], pending: [] });

  function change<T>(edit: (value: v.InferOutput<typeof bookSchema>) => T): Promise<T> {
    return withFileLock(`${file}.lock`, now, async () => {
      const value = structuredClone(await book.read());
      value.pending = value.pending.filter((code) => code.expires > now());
      const result = edit(value);
      await book.write(value);
      return result;
    });
  }

  return {
    addPending: (port) =>
      change((value) => {
        if (value.pending.length >= MAX_PENDING) return null;
        const cid = new Uint8Array(randomBytes(8));
        const secret = new Uint8Array(randomBytes(32));
        value.pending.push({
          cid: cidText(cid),
          secret: Buffer.from(secret).toString('base64'),
          expires: now() + CODE_LIFETIME,
        });
        return { port, cid, secret };
      }),

    async find(cid) {
      const { clients, pending } = await book.read();
      const name = cidText(cid);
      const client = clients.find((one) => one.cid === name);
      if (client) return { kind: 'paired', key: Buffer.from(client.key, 'base64'), origin: client.origin };
      const code = pending.find((one) => one.cid === name && one.expires > now());
      return code ? { kind: 'pending', key: Buffer.from(code.secret, 'base64') } : null;
    },

    commit: (cid, key, origin, label) =>
      change((value) => {
        const name = cidText(cid);
        const waiting = value.pending.some((code) => code.cid === name);
        if (!waiting) return false;
        value.pending = value.pending.filter((code) => code.cid !== name);
        const text = Buffer.from(key).toString('base64');
        value.clients.push({ cid: name, key: text, origin, label, created: now(), lastSeen: now() });
        return true;
      }),

    async clients() {
      return (await book.read()).clients.map(({ key: _, ...client }) => client);
    },

    touch: (cid) =>
      change((value) => {
        const client = value.clients.find((one) => one.cid === cidText(cid));
        if (client) client.lastSeen = now();
      }),

    revoke: (cid) =>
      change((value) => {
        const [gone, kept] = [value.clients.filter(matches), value.clients.filter((client) => !matches(client))];
        function matches(client: { cid: string }) {
          return cid === 'all' || client.cid === cid;
        }
        value.clients = kept;
        if (cid === 'all') value.pending = [];
        return gone.map((client) => client.cid);
      }),
  };
}
