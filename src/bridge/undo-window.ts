/** Removals wait here for a moment, so that they can be taken back by their id. */

export interface UndoWindow {
  /** Resolves with true when the time is over, with false when it was undone (or everything closes). */
  wait(id: string): Promise<boolean>;
  undo(id: string): void;
  close(): void;
}

/** @param milliseconds how long each waits */
export function makeUndoWindow(milliseconds: number): UndoWindow {
  const waiting = new Map<string, () => void>();
  return {
    wait: (id) =>
      new Promise((resolve) => {
        const end = (go: boolean) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(go);
        };
        const timer = setTimeout(() => end(true), milliseconds);
        waiting.set(id, () => end(false));
      }),
    undo: (id) => waiting.get(id)?.(),
    close() {
      for (const cancel of [...waiting.values()]) cancel();
    },
  };
}
