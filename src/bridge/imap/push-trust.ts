/** How far a server's IDLE can be relied on, learnt over all connections of an account. Pure but for what it remembers. */

/** Firewalls forget a silent connection after 5 minutes and more; with the answer's own limit this stays below four. */
const LONGEST_RENEWAL = 220_000;
/** Asking more often than this is polling. */
const SHORTEST_RENEWAL = 60_000;
/** Lines that die at the same age are cut by something that counts. */
const DEATHS = 3;
/** How near to each other such ages are. */
const SAME_AGE = 0.15;
/** The share of that age at which the line is renewed instead. */
const BEFORE_DEATH = 0.7;
/** News that IDLE has kept to itself so often in a row: it is accepted and tells nothing. */
const SILENCES = 2;
/** How often a server without IDLE, or whose IDLE is silent, is asked. */
const POLL = 60_000;

export interface PushTrust {
  /** Milliseconds after which the server is to be asked for a sign of life. */
  readonly renewal: number;
  /** False: the server is polled, whatever it says of IDLE. */
  readonly reliable: boolean;
  /** A line has died that had heard nothing for so long; milliseconds. */
  died(age: number): void;
  /** The server has told of something by itself. */
  heard(): void;
  /** A look has found something that the server should have told long ago. */
  missed(): void;
}

export function makePushTrust(): PushTrust {
  let ages: number[] = [];
  let longest = LONGEST_RENEWAL;
  let silences = 0;
  return {
    get renewal() {
      return silences >= SILENCES ? POLL : longest;
    },
    get reliable() {
      return silences < SILENCES;
    },
    died(age) {
      if (age < SHORTEST_RENEWAL) return;
      ages = [...ages, age].slice(-DEATHS);
      const [least, most] = [Math.min(...ages), Math.max(...ages)];
      if (ages.length < DEATHS || most - least > most * SAME_AGE) return;
      longest = Math.max(SHORTEST_RENEWAL, Math.min(longest, least * BEFORE_DEATH));
      ages = [];
    },
    heard() {
      silences = 0;
    },
    missed() {
      silences += 1;
    },
  };
}
