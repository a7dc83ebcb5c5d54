import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A command opens a page at most, or waits for one. */
const COMMAND_DEADLINE_MS = 30_000;
/** The longest length in front of a packet that we believe; Firefox sends what it is asked for, so 8 digits are plenty. */
const LONGEST_PREFIX = 8;

const COMMAND = 0;
const ANSWER = 1;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A client of Firefox's own remote protocol: packets `LENGTH:[type, id, …]` with the length in bytes, over TCP
 * (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
 */
export class Marionette {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #received = Buffer.alloc(0);
  #lastId = 0;
  #greeted: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', () => {
      // Always followed by 'close'.
    });
    socket.on('close', () => this.#failAll());
  }

  /** Connects on 127.0.0.1 and waits for the greeting. Fails when nobody listens there. */
  static async connect(port: number): Promise<Marionette> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    const marionette = new Marionette(socket);
    await new Promise<void>((resolve, reject) => {
      marionette.#greeted = resolve;
      socket.once('close', () => reject(new Error('Firefox hung up before it said hello')));
    });
    return marionette;
  }

  /**
   * Sends a command and waits for its answer.
   * @throws Error with Firefox's own words; when Firefox ends; after the deadline.
   */
  async send(command: string, parameters: object = {}): Promise<unknown> {
    if (this.#socket.destroyed) throw new Error('Firefox does not run');
    this.#lastId += 1;
    const id = this.#lastId;
    const packet = JSON.stringify([COMMAND, id, command, parameters]);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        timer = setTimeout(() => reject(new Error(`${command}: no answer from Firefox`)), COMMAND_DEADLINE_MS);
        this.#socket.write(`${Buffer.byteLength(packet)}:${packet}`);
      });
    } finally {
      clearTimeout(timer);
      this.#pending.delete(id);
    }
  }

  /** Runs the body of an async function in Firefox's own window, with all rights, and returns what it returns. */
  async inBrowser<T>(body: string, ...args: unknown[]): Promise<T> {
    const answer = (await this.send('WebDriver:ExecuteScript', {
      script: `return (async () => { ${body} })()`.replaceAll('$args', 'arguments[0]'),
      args: [args],
      newSandbox: true,
    })) as { value: T };
    return answer.value;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const colon = this.#received.subarray(0, LONGEST_PREFIX + 1).indexOf(':');
      if (colon === -1) {
        if (this.#received.length > LONGEST_PREFIX) this.#socket.destroy();
        return;
      }
      const end = colon + 1 + Number(this.#received.toString('latin1', 0, colon));
      if (this.#received.length < end) return;
      const packet: unknown = JSON.parse(this.#received.toString('utf8', colon + 1, end));
      this.#received = this.#received.subarray(end);
      this.#take(packet);
    }
  }

  #take(packet: unknown): void {
    if (!Array.isArray(packet)) {
      this.#greeted?.();
      return;
    }
    const [type, id, error, value] = packet as [number, number, { error: string; message: string } | null, unknown];
    if (type !== ANSWER) return;
    const pending = this.#pending.get(id);
    if (error) pending?.reject(new Error(`${error.error}: ${error.message}`));
    else pending?.resolve(value);
  }

  #failAll(): void {
    for (const { reject } of this.#pending.values()) reject(new Error('Firefox hung up'));
  }
}
