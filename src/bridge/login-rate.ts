/** Never a login loop: servers take many sign-ins in a short time for an attack and lock the account. */

/** As often as chatmail allows itself, which providers put up with. */
const MOST = 2;
const WINDOW = 120_000;

export interface LoginRate {
  /** Milliseconds until the next sign-in is allowed; 0 for now. */
  wait(): number;
  /** True where one more leaves a sign-in for a line that dies in the next two minutes. */
  spare(): boolean;
  /** A sign-in is being tried. */
  note(): void;
}

/** For one account; all its connections share it. */
export function makeLoginRate(now: () => number): LoginRate {
  let recent: number[] = [];

  /** Milliseconds until so many sign-ins are allowed at once. */
  function waitFor(count: number): number {
    const time = now();
    // A clock that was set back must not shut the account until it has caught up.
    recent = recent.filter((at) => at <= time && at > time - WINDOW);
    const oldest = recent.at(count - 1 - MOST);
    return oldest === undefined ? 0 : oldest + WINDOW - time;
  }

  return {
    wait: () => waitFor(1),
    spare: () => waitFor(2) === 0,
    note: () => void recent.push(now()),
  };
}
