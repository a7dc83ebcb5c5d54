import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { atExit } from './at-exit.ts';

/** Enough for the end of a story; a browser can write megabytes. */
const KEPT_LOG_CHARACTERS = 200_000;
/** The pipe of an ended program is empty at once, unless something that left its group still holds it. */
const LAST_WORDS_DEADLINE_MS = 1_000;
/** util-linux: ends the child even when this process is killed and cannot clean up. */
const SETPRIV = '/usr/bin/setpriv';

export interface OwnedProcessOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Called with each whole line of the standard output. */
  onLine?: (line: string) => void;
}

/**
 * A program started by a test, with all the processes it starts itself: its output is kept for failure messages, and
 * nothing of it outlives this process.
 */
export class OwnedProcess {
  /** Resolves when the program has ended, however that came about. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #child: ChildProcess;
  readonly #name: string;
  #log = '';
  #running = true;

  constructor(command: string, args: readonly string[], { env, cwd, onLine }: OwnedProcessOptions = {}) {
    this.#name = command;
    const dieWithParent = existsSync(SETPRIV);
    this.#child = spawn(
      dieWithParent ? SETPRIV : command,
      dieWithParent ? ['--pdeathsig', 'KILL', '--', command, ...args] : args,
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: env ?? process.env,
        // A process group of its own, so that a signal reaches its children too: Dovecot's outlive their master.
        detached: true,
        ...(cwd === undefined ? {} : { cwd }),
      },
    );
    const forget = atExit(() => this.kill('SIGKILL'));
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#running = false;
        this.#signalGroup('SIGKILL');
        forget();
        // Its last words may still be in the pipe.
        const enough = setTimeout(() => resolve({ code, signal }), LAST_WORDS_DEADLINE_MS);
        this.#child.once('close', () => {
          clearTimeout(enough);
          resolve({ code, signal });
        });
      };
      this.#child.once('exit', end);
      this.#child.once('error', (error) => {
        this.#keep(`${error.message}\n`);
        end(null, null);
      });
    });
    let unfinished = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#keep(text);
      if (!onLine) return;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#running;
  }

  /** What the program wrote, the end of it when it was much. */
  log(): string {
    return this.#log;
  }

  /** Sends a signal to the program and all that it started. */
  kill(signal: NodeJS.Signals): void {
    if (this.#running) this.#signalGroup(signal);
  }

  /** Asks the program to end, and sees to it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', patience?: number): Promise<void> {
    this.kill(signal);
    await this.untilEnded(patience);
  }

  /** Waits for the program's end, and makes it end after `patience` milliseconds. */
  async untilEnded(patience = 5_000): Promise<void> {
    const timer = setTimeout(() => this.kill('SIGKILL'), patience);
    await this.ended;
    clearTimeout(timer);
  }

  /**
   * Waits until `ready` resolves.
   * @throws Error with the program's own words when it ends before, or when `ready` fails.
   */
  async untilReady<T>(ready: Promise<T>): Promise<T> {
    const early = this.ended.then(({ code, signal }) => {
      throw new Error(`it ended with ${signal ?? code}`);
    });
    try {
      return await Promise.race([ready, early]);
    } catch (cause) {
      throw new Error(`${this.#name} did not start; it said:\n${this.#log.slice(-4_000)}`, { cause });
    }
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The whole group has ended already.
    }
  }

  #keep(text: string): void {
    this.#log = (this.#log + text).slice(-KEPT_LOG_CHARACTERS);
  }
}
