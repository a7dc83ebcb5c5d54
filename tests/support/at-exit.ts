const tasks = new Set<() => void>();
let watching = false;

/** Runs a synchronous task when this process ends, by itself or by a signal, unless it was taken back before. */
export function atExit(task: () => void): () => void {
  watch();
  tasks.add(task);
  return () => {
    tasks.delete(task);
  };
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', runAll);
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      runAll();
      // Others (vitest, puppeteer) may listen too and want to finish in their own way.
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
  }
}

function runAll(): void {
  // Last opened, first closed: a program before the directory that it writes to.
  for (const task of [...tasks].reverse()) {
    tasks.delete(task);
    try {
      task();
    } catch (error) {
      // The others still have to be cleaned up.
      process.stderr.write(`clean-up at exit: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
