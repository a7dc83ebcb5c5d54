import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';

export interface TemporaryDirectory {
  path: string;
  /** Removes it and all that is in it; also done when this process ends. */
  remove(): void;
}

/** Makes a directory of its own below the system's, named `letterbox-PURPOSE-…`; mode 0700. */
export function temporaryDirectory(purpose: string): TemporaryDirectory {
  // Short: a path of a Unix socket inside (Dovecot's) has at most 107 bytes.
  const path = mkdtempSync(join(tmpdir(), `letterbox-${purpose}-`));
  const forget = atExit(remove);
  function remove(): void {
    forget();
    // A program that was just killed may still be writing its last file.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  return { path, remove };
}
