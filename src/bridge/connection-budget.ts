/**
 * How many connections a host gets from all accounts together. Too many, and servers lock out the user's other mail
 * programs; so a server that says "too many" is taken at its word.
 */

/** More than anybody has accounts at one provider; a bound against a client taken over. */
const MOST = 100;
/** Second connections at one host, for bodies and other folders; who gets none works on its first. */
const MOST_SECOND = 8;
/** What was learnt is forgotten: the limit may have been another program's connections. Milliseconds. */
const REMEMBERED = 3600_000;

/** Gives the place back; more than once does no harm. */
export type Release = () => void;

export interface ConnectionBudget {
  /** A place for an account's first connection, or for its second; null when the host has no more. */
  take(host: string, place: 'first' | 'second'): Release | null;
  /** The host has said that there are too many: so many as are open now, without the one it refused, are its limit. */
  refused(host: string): void;
}

interface Host {
  first: number;
  second: number;
  learnt: { limit: number; at: number } | null;
}

export function makeConnectionBudget(now: () => number): ConnectionBudget {
  const hosts = new Map<string, Host>();

  function hostOf(name: string): Host {
    const host = hosts.get(name.toLowerCase()) ?? { first: 0, second: 0, learnt: null };
    hosts.set(name.toLowerCase(), host);
    if (host.learnt && now() - host.learnt.at > REMEMBERED) host.learnt = null;
    return host;
  }

  return {
    take(name, place) {
      const host = hostOf(name);
      const limit = host.learnt?.limit ?? MOST;
      if (host.first + host.second >= limit) return null;
      // The last place is a first one's: an account without any is worse off than one with one.
      if (place === 'second' && (host.second >= MOST_SECOND || (host.learnt && host.first + host.second + 1 >= limit)))
        return null;
      host[place] += 1;
      let held = true;
      return () => {
        if (held) host[place] -= 1;
        held = false;
      };
    },
    refused(name) {
      const host = hostOf(name);
      host.learnt = { limit: Math.max(1, host.first + host.second - 1), at: now() };
    },
  };
}
