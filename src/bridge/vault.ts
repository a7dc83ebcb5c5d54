/**
 * The secrets: one AES-256-GCM file, its key in a file of mode 0600 beside it. Against someone who can read the folder
 * the encryption adds nothing; the file modes protect it. A key in the system's keyring can take the key file's place.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import type { Account, AccountId } from '../model.ts';
import { readPrivateFile, writePrivateFile } from './data-folder.ts';
import { DamagedFile } from './json-file.ts';

const KEY_BYTES = 32;
/** The nonce size that AES-GCM is made for (NIST SP 800-38D section 5.2.1.1). */
const IV_BYTES = 12;
const TAG_BYTES = 16;

const secretsSchema = v.record(v.string(), v.object({ secret: v.string(), binding: v.string() }));

export interface Vault {
  /** The account's secret, or null if none was stored for exactly this server and user name. */
  read(account: Account): string | null;
  /** Keeps a secret, bound to the account's host, port, security and user name. */
  write(account: Account, secret: string): Promise<void>;
  /** Forgets the secret if it is bound to another server or user name than the account now has. */
  rebind(account: Account): Promise<void>;
  forget(account: AccountId): Promise<void>;
}

/** @throws {UnsafeFolder} or {DamagedFile} when its files cannot be trusted */
export async function openVault(folder: string): Promise<Vault> {
  const file = path.join(folder, 'vault');
  const key = await openKey(path.join(folder, 'vault.key'));
  const secrets = await unseal(file, key);
  const save = () => writePrivateFile(file, seal(JSON.stringify(Object.fromEntries(secrets)), key));

  return {
    read(account) {
      const entry = secrets.get(account.id);
      return entry?.binding === bindingOf(account) ? entry.secret : null;
    },
    async write(account, secret) {
      secrets.set(account.id, { secret, binding: bindingOf(account) });
      await save();
    },
    async rebind(account) {
      const entry = secrets.get(account.id);
      if (!entry || entry.binding === bindingOf(account)) return;
      secrets.delete(account.id);
      await save();
    },
    async forget(account) {
      if (secrets.delete(account)) await save();
    },
  };
}

/** Whoever changes where a password would be sent must type it again: a client taken over cannot lead it away. */
function bindingOf({ server, user }: Account): string {
  return JSON.stringify([server.host.toLowerCase(), server.port, server.security, user]);
}

async function openKey(file: string): Promise<Buffer> {
  const known = await readPrivateFile(file);
  if (known && known.length !== KEY_BYTES)
    throw new DamagedFile(`${file} is damaged. Move it away; passwords are then typed again.`);
  if (known) return known;
  const key = randomBytes(KEY_BYTES);
  await writePrivateFile(file, key);
  return key;
}

function seal(text: string, key: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

async function unseal(file: string, key: Buffer): Promise<Map<AccountId, { secret: string; binding: string }>> {
  const bytes = await readPrivateFile(file);
  if (!bytes) return new Map();
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return new Map(Object.entries(v.parse(secretsSchema, JSON.parse(text.toString('utf8')))));
  } catch {
    throw new DamagedFile(`${file} does not fit its key. Move it away; passwords are then typed again.`);
  }
}
