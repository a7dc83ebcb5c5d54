/** How the time of some work grows with its input. A slow machine is as slow for the short input as for the long one. */

/** The long input is so many times the short one, and the short one is worked on so many times. */
const TIMES = 8;
/** A busy moment may fall on the long input once; where the work is quadratic it is too long each time. */
const ROUNDS = 10;
/** Below this a clock tells nothing. Milliseconds. */
const LEAST = 1;

/** Linear work comes to about 1, quadratic work to 8. */
export const LINEAR = 3;

/**
 * The time for one long input beside that for as much of short ones; measured until it is linear, and not for ever.
 * @param size of the long input
 */
export function growth<T>(size: number, make: (size: number) => T, run: (input: T) => unknown): number {
  const [long, short] = [make(size), make(size / TIMES)];
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && least > LINEAR; round += 1) {
    // The long one first: what is compiled on the way helps the short ones, and never the other way round.
    const took = time(() => run(long));
    const pieces = time(() => {
      for (let turn = 0; turn < TIMES; turn += 1) run(short);
    });
    least = Math.min(least, took / Math.max(pieces, LEAST));
  }
  return least;
}

/** Of this process, and not of whoever else has the machine meanwhile. Milliseconds. */
function time(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
