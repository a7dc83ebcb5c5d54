/** Work that nobody waits for, until everything stops: what is half written then is written to its end. */

export interface PendingWork {
  /** Gives the work back as it is. Whoever adds it handles its failure. */
  add<T>(work: Promise<T>): Promise<T>;
  /** Resolves when all of it has ended, well or not, and what it has added meanwhile too. */
  ended(): Promise<void>;
}

export function makePendingWork(): PendingWork {
  const pending = new Set<Promise<unknown>>();
  return {
    add(work) {
      const ended: Promise<unknown> = work.then(
        () => pending.delete(ended),
        () => pending.delete(ended),
      );
      pending.add(ended);
      return work;
    },
    async ended() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
