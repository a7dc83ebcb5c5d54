/** How long it is waited before the bridge is dialled again. */

/** A bridge that restarts is back in a second; one that is off costs one refused connection every ten. */
const DELAYS = [250, 500, 1_000, 2_000, 4_000, 8_000];
const LONGEST = 10_000;

/** Milliseconds. @param failures how many there were before this one @param random from 0 up to 1 */
export function retryDelay(failures: number, random: number): number {
  return spread(DELAYS[failures] ?? LONGEST, random);
}

/** Browsers that have lost their bridge together do not come back together. */
export function spread(delay: number, random: number): number {
  return delay * (0.5 + random / 2);
}
