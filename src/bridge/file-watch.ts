/** Notices that another program has changed a file. */
import { type FSWatcher, unwatchFile, watch, watchFile as watchByLooking } from 'node:fs';
import path from 'node:path';

/** How often it is looked where the system does not tell. Milliseconds. */
const INTERVAL = 500;

/**
 * Calls back after each change, also where the file is replaced or not there yet. Systems tell of changes only as long
 * as they have room to (Linux: `fs.inotify.max_user_instances`); past that it is looked now and then.
 * @returns what ends it
 */
export function watchFile(file: string, onChange: () => void): () => void {
  let watcher: FSWatcher | null = null;
  const look = () => {
    watcher?.close();
    watcher = null;
    watchByLooking(file, { interval: INTERVAL, persistent: false }, onChange);
  };
  try {
    watcher = watch(path.dirname(file), (_, name) => {
      if (name === path.basename(file)) onChange();
    });
    watcher.once('error', look);
  } catch {
    look();
  }
  return () => {
    watcher?.close();
    unwatchFile(file, onChange);
  };
}
