/** The accounts as the user set them up, in the user's order. No secrets: these are in the vault. */
import path from 'node:path';
import * as v from 'valibot';
import type { Account, AccountId } from '../model.ts';
import { accountSchema } from '../wire.ts';
import { jsonFile } from './json-file.ts';

/** A bound on what a client taken over can make the bridge do. */
export const MAX_ACCOUNTS = 100;

export interface Accounts {
  list(): readonly Account[];
  find(id: AccountId): Account | null;
  /** Adds the account, or replaces the one with its id. False when there are 100 already. */
  put(account: Account): Promise<boolean>;
  remove(id: AccountId): Promise<void>;
}

/** @throws {DamagedFile} or {UnsafeFolder} */
export async function openAccounts(folder: string): Promise<Accounts> {
  const file = jsonFile(path.join(folder, 'accounts.json'), v.array(accountSchema), []);
  let accounts: Account[] = await file.read();
  const save = async (next: Account[]) => {
    await file.write(next);
    accounts = next;
  };
  return {
    list: () => accounts,
    find: (id) => accounts.find((account) => account.id === id) ?? null,
    async put(account) {
      const known = accounts.some((one) => one.id === account.id);
      if (!known && accounts.length >= MAX_ACCOUNTS) return false;
      await save(known ? accounts.map((one) => (one.id === account.id ? account : one)) : [...accounts, account]);
      return true;
    },
    async remove(id) {
      if (accounts.some((account) => account.id === id)) await save(accounts.filter((account) => account.id !== id));
    },
  };
}
