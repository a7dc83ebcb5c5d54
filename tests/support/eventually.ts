import { setTimeout as sleep } from 'node:timers/promises';

/** Short enough to be unnoticed in a measurement of seconds, long enough to leave the two cores to the programs. */
const POLL_INTERVAL_MS = 50;

export interface EventuallyOptions {
  /** Milliseconds until the wait fails. */
  deadline?: number;
  /** Milliseconds between two looks. */
  interval?: number;
  /** What is awaited, for the message of the failure; a function is asked when the wait has failed. */
  what?: string | (() => string);
}

/** What is left of a value once it is known to be truthy. */
export type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/**
 * Looks again and again until `look` returns something truthy, and returns that. For the state of another program
 * only: what this process does can be awaited. An error thrown by `look` counts as "not yet" and is told at the end.
 * @throws Error when the deadline has passed.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { deadline = 10_000, interval = POLL_INTERVAL_MS, what = 'the awaited state' }: EventuallyOptions = {},
): Promise<Truthy<T>> {
  const end = performance.now() + deadline;
  let lastError: unknown;
  for (;;) {
    try {
      const found = await withLimit(Promise.resolve(look()), end - performance.now());
      if (found) return found as Truthy<T>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() + interval >= end) break;
    await sleep(interval);
  }
  const named = typeof what === 'function' ? what() : what;
  throw new Error(`not within ${deadline} ms: ${named}`, { cause: lastError });
}

/** A look that never answers must not outlive the deadline. */
async function withLimit<T>(promise: Promise<T>, limit: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the last look did not come back')), Math.max(limit, 1));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
