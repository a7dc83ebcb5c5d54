import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { OwnedProcess } from './owned-process.ts';
import { temporaryDirectory } from './temporary.ts';

const run = promisify(execFile);

const BUILT = fileURLToPath(new URL('../../dist-test/bridge/letterbox.js', import.meta.url));
/** It listens within 300 ms on an idle machine. */
const READY_DEADLINE_MS = 15_000;
/** The other commands read a file, print, and end. */
const COMMAND_DEADLINE_MS = 15_000;

/** One line of the bridge's log. */
export interface LogLine {
  level: string;
  event: string;
  [field: string]: unknown;
}

export interface BridgeProcessOptions {
  /** PEM of the authority that the mail servers of the test are signed by. */
  ca?: string;
  /** Where the bridge keeps its data; a temporary directory when left out. */
  data?: string;
  /** A free one when left out. */
  port?: number;
  /** The bridge's program; the built one when left out. */
  script?: string;
}

/** The real, built bridge in a process of its own. */
export class BridgeProcess {
  readonly port: number;
  readonly data: string;
  /** Every line it has logged, over all its restarts. */
  readonly lines: LogLine[] = [];
  readonly #directory = temporaryDirectory('bridge');
  readonly #script: string;
  readonly #env: NodeJS.ProcessEnv;
  #process: OwnedProcess | undefined;

  private constructor(port: number, { ca, data, script = BUILT }: BridgeProcessOptions) {
    this.port = port;
    this.data = data ?? join(this.#directory.path, 'data');
    this.#script = script;
    const authority = join(this.#directory.path, 'ca.pem');
    if (ca !== undefined) writeFileSync(authority, ca);
    this.#env = { ...process.env, ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }) };
  }

  /** Starts one and waits until it listens. */
  static async start(options: BridgeProcessOptions = {}): Promise<BridgeProcess> {
    const bridge = new BridgeProcess(options.port ?? (await freePort()), options);
    try {
      await bridge.#launch();
    } catch (error) {
      await bridge.close();
      throw error;
    }
    return bridge;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What it wrote since it was last started, on both outputs. */
  log(): string {
    return this.#process?.log() ?? '';
  }

  /** Asks for a pairing code as the user does, by the command line. */
  async pair(): Promise<string> {
    const printed = await this.command('pair');
    const code = /mb1_[A-Za-z0-9_-]+/.exec(printed)?.[0];
    if (code === undefined) throw new Error(`no pairing code in what was printed:\n${printed}`);
    return code;
  }

  /** Runs another command of the bridge on the same data: `clients`, `revoke`, … Returns what it prints. */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [this.#script, ...args, '--data', this.data], {
      env: this.#env,
      timeout: COMMAND_DEADLINE_MS,
    });
    return stdout;
  }

  /** Ends it, by a signal, and waits for that. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    await this.#process?.stop(signal);
  }

  /** Starts it again with the same data and port; ends it by SIGTERM first if it still runs. */
  async restart(): Promise<void> {
    await this.kill('SIGTERM');
    await this.#launch();
  }

  /** Ends it for good and removes its data, unless the data was given to it. */
  async close(): Promise<void> {
    await this.kill('SIGTERM');
    this.#directory.remove();
  }

  async #launch(): Promise<void> {
    let listening: () => void = () => {};
    let timer: NodeJS.Timeout | undefined;
    const ready = new Promise<void>((resolve, reject) => {
      listening = resolve;
      timer = setTimeout(() => reject(new Error('it does not say that it listens')), READY_DEADLINE_MS);
    });
    const args = [this.#script, 'serve', '--port', String(this.port), '--data', this.data];
    const program = new OwnedProcess(process.execPath, args, {
      env: this.#env,
      onLine: (text) => {
        const line = parseLine(text);
        if (!line) return;
        this.lines.push(line);
        if (line.event === 'listening') listening();
      },
    });
    this.#process = program;
    try {
      await program.untilReady(ready);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Undefined for what is no log line: a warning of Node's, the message of a crash. */
function parseLine(text: string): LogLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && 'event' in line && 'level' in line
      ? (line as LogLine)
      : undefined;
  } catch {
    return undefined;
  }
}
