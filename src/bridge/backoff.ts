/** How long to wait before the next attempt. Pure: the caller owns the timer. */
import type { ErrorCode } from '../model.ts';

const FIRST = 1_000;
const LONGEST = 5 * 60_000;
/** A server that says "too many" or "slow down" means minutes, not seconds. */
const FIRST_WHEN_BUSY = 60_000;
const LONGEST_WHEN_BUSY = 30 * 60_000;
/** A line that held this long was good: the next failure starts from the beginning. */
export const STABLE_AFTER = 2 * 60_000;

/** Trying again without the user could lock the account, or cannot end otherwise. */
const STOPS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'wrong-password',
  'password-missing',
  'sign-in-refused',
  'plaintext-refused',
  'port-refused',
]);

/** The user should look at these, yet they can mend themselves (a renewed certificate), and nothing secret was sent. */
const WANTS_USER: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'starttls-missing',
  'tls-expired',
  'tls-self-signed',
  'tls-wrong-name',
  'tls-untrusted',
  'not-a-mail-server',
]);

/** True when there must be no further attempt before the user has changed something. */
export function mustStop(code: ErrorCode): boolean {
  return STOPS.has(code);
}

/** True when the account should say that it needs the user. */
export function needsUser(code: ErrorCode): boolean {
  return STOPS.has(code) || WANTS_USER.has(code);
}

/**
 * Full jitter: evenly spread between nothing and a bound that doubles up to five minutes, so that many accounts do not
 * come back in step.
 * @param attempt failures in a row, from 1
 * @param random from 0 up to 1
 * @returns milliseconds
 */
export function retryDelay(code: ErrorCode, attempt: number, random: number): number {
  const busy = code === 'server-busy';
  const bound = Math.min(
    busy ? LONGEST_WHEN_BUSY : LONGEST,
    (busy ? FIRST_WHEN_BUSY : FIRST) * 2 ** Math.min(attempt - 1, 20),
  );
  // A busy server has asked for time: at least half of it is given.
  return Math.round(busy ? bound / 2 + (random * bound) / 2 : random * bound);
}
