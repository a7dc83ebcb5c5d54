/** A limit for every wait. */
import type { ErrorCode } from '../model.ts';
import { BridgeError } from './errors.ts';

/**
 * Resolves or rejects as `work` does, or rejects with `code` after `milliseconds`. The work itself is not stopped: close
 * what it waits for.
 */
export async function within<T>(work: Promise<T>, milliseconds: number, code: ErrorCode = 'timed-out'): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BridgeError(code)), milliseconds);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
