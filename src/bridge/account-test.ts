/** Trying settings before they are kept: step by step, for a person who waits. */
import type { Account, ErrorCode, TestStep } from '../model.ts';
import type { OpenAccount } from './choose-source.ts';
import { within } from './deadline.ts';
import { codeOf } from './errors.ts';
import type { MailSource } from './mail-source.ts';
import type { Vault } from './vault.ts';

/** Longer than the steps' own limits together would be a bug; the page waits a little longer than this. */
const TEST_TIMEOUT = 55_000;
/** Nobody types faster; a client taken over could use tests to look round the network. */
const MAX_TESTS = 10;
const WINDOW = 60_000;

export interface AccountTestOptions {
  vault: Vault;
  openAccount: OpenAccount;
  now: () => number;
}

/** null: everything works. The steps that were passed are told as they are. */
export type AccountTest = (
  account: Account,
  secret: string | null,
  onStep: (step: TestStep) => void,
) => Promise<ErrorCode | null>;

export function makeAccountTest({ vault, openAccount, now }: AccountTestOptions): AccountTest {
  let recent: number[] = [];
  return async (account, typed, onStep) => {
    recent = recent.filter((time) => time > now() - WINDOW);
    if (recent.length >= MAX_TESTS) return 'too-many';
    recent.push(now());
    const secret = typed ?? vault.read(account);
    if (secret === null) return 'password-missing';
    let source: MailSource | null = null;
    try {
      source = openAccount(account).connect(secret);
      await within(source.open(onStep), TEST_TIMEOUT);
      return null;
    } catch (error) {
      return codeOf(error);
    } finally {
      await source?.close();
    }
  };
}
