/** What the clients did, for assertions. Secrets are not in it. */

export interface TranscriptEntry {
  /** Which connection, counted from 1. */
  connection: number;
  /** `connected` and `closed` have no text; `encrypted` when TLS stands; `command` for each command read. */
  event: 'connected' | 'encrypted' | 'closed' | 'command';
  /** The command's name in capitals, with UID where it has one: `UID FETCH`. */
  command: string;
  /** The whole command without its tag; the arguments of LOGIN and AUTHENTICATE are left out. */
  text: string;
}

/** Long enough for a slow machine; a test that waits for it in vain has failed anyway. */
const DEFAULT_DEADLINE = 5_000;

export class Transcript {
  readonly entries: TranscriptEntry[] = [];
  private readonly waiting = new Set<(entry: TranscriptEntry) => void>();

  add(entry: TranscriptEntry): void {
    this.entries.push(entry);
    for (const waiter of [...this.waiting]) waiter(entry);
  }

  /** The commands read so far, in order; with `command` only those of that name. */
  commands(command?: string): string[] {
    return this.entries
      .filter((entry) => entry.event === 'command' && (command === undefined || entry.command === command))
      .map((entry) => entry.text);
  }

  /** How often this has happened so far. */
  count(event: TranscriptEntry['event']): number {
    return this.entries.filter((entry) => entry.event === event).length;
  }

  clear(): void {
    this.entries.length = 0;
  }

  /**
   * Resolves with the next entry (from now on, not one already there) that is this event or command or fits the pattern.
   * @param deadline milliseconds
   * @throws when the deadline passes first
   */
  next(match: string | RegExp, deadline: number = DEFAULT_DEADLINE): Promise<TranscriptEntry> {
    return new Promise((resolve, reject) => {
      const waiter = (entry: TranscriptEntry): void => {
        if (!fits(entry, match)) return;
        stop();
        resolve(entry);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no ${match} within ${deadline} ms; the clients did: ${this.commands().join(' | ')}`));
      }, deadline);
      const stop = (): void => {
        clearTimeout(timer);
        this.waiting.delete(waiter);
      };
      this.waiting.add(waiter);
    });
  }
}

function fits(entry: TranscriptEntry, match: string | RegExp): boolean {
  if (typeof match !== 'string') return match.test(entry.text);
  return entry.event === 'command' ? entry.command === match : entry.event === match;
}
