/** How a page reads the store: at once, and again after each write of the background. */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Area, onChange, openStore, type Store } from './store.ts';

/** A burst of writes is read once per pause: more often than this nobody sees. */
const PAUSE_MS = 50;

export interface StoreView<T> {
  /** undefined until the first read has ended. */
  value: T | undefined;
  /** The store cannot be read. */
  broken: boolean;
  /** Reads again; resolves when what was read is on its way to the screen. */
  refresh(): Promise<void>;
}

let opened: Promise<Store> | null = null;

/** One connection a page, opened at the first need and closed by the browser with the page; anew if it has gone. */
function pageStore(): Promise<Store> {
  const forget = () => {
    opened = null;
  };
  opened ??= openStore(forget).catch((error: unknown) => {
    forget();
    throw error;
  });
  return opened;
}

/** A connection that failed once is not trusted again. */
function dropPageStore(): void {
  opened?.then(
    (store) => store.close(),
    () => {},
  );
  opened = null;
}

/**
 * Reads now and whenever one of `areas` changes.
 * @param read stays the same function from render to render, or reading starts anew
 * @param areas a constant
 */
export function useStore<T>(read: (store: Store) => Promise<T>, areas: readonly Area[]): StoreView<T> {
  const [result, setResult] = useState<{ value: T | undefined; broken: boolean }>({ value: undefined, broken: false });
  const reader = useRef<() => Promise<void>>(async () => {});

  useLayoutEffect(() => {
    let ended = false;
    reader.current = oneAtATime(async () => {
      try {
        const value = await read(await pageStore());
        if (!ended) setResult({ value, broken: false });
      } catch {
        dropPageStore();
        // The page says so in words; what was read before stays on it.
        if (!ended) setResult((before) => ({ ...before, broken: true }));
      }
    });
    const end = onChange((changed) => {
      if (changed.some((area) => areas.includes(area))) void reader.current();
    });
    void reader.current();
    return () => {
      ended = true;
      end();
    };
  }, [read, areas]);

  const refresh = useCallback(() => reader.current(), []);
  return { ...result, refresh };
}

/** While one run is under way, all further calls share one more run after it. `run` never rejects. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = run().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return next ?? start();
    next ??= running
      .then(() => new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MS)))
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}
