/** Notices that this computer has slept or changed its network: lines that looked alive may be dead since. */

/** How often it is looked; a change is noticed within this. Milliseconds. */
const INTERVAL = 5_000;
/** A timer that is late by more than this was not busy, it slept. */
const SLEPT = 10_000;

export interface WakeWatchOptions {
  now: () => number;
  /** The addresses of this computer, as text; any change of it counts. */
  readNetwork: () => string;
  /** Called after each sleep or change of network. */
  onWake: () => void;
}

/** Watches until the returned function is called. */
export function watchForWake({ now, readNetwork, onWake }: WakeWatchOptions): () => void {
  let last = now();
  let network = readNetwork();
  const timer = setInterval(() => {
    const slept = now() - last > INTERVAL + SLEPT;
    const moved = readNetwork() !== network;
    last = now();
    network = moved ? readNetwork() : network;
    if (slept || moved) onWake();
  }, INTERVAL);
  return () => clearInterval(timer);
}
