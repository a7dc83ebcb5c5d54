/** The lower bound: a plain socket that says what has to be said, reads to the tagged answer, and understands nothing. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Longer than a server in good health takes for anything. Milliseconds. */
const DEADLINE = 120_000;

export class RawImap {
  /** Bytes received. */
  bytes = 0;
  /** Commands sent and answered. */
  roundTrips = 0;
  /** When the greeting came, by `performance.now()`. */
  greetedAt = 0;
  readonly #socket: Socket;
  #received = '';
  #look: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      this.bytes += bytes.length;
      this.#received += bytes.toString('latin1');
      this.#look();
    });
  }

  /** Connects to 127.0.0.1 and reads the greeting. @param ca for TLS */
  static async open(port: number, ca?: string): Promise<RawImap> {
    const to = { host: '127.0.0.1', port };
    const socket = ca === undefined ? connect(to) : connectTls({ ...to, ca });
    const raw = new RawImap(socket);
    await once(socket, ca === undefined ? 'connect' : 'secureConnect');
    await raw.#until('\r\n');
    raw.greetedAt = performance.now();
    return raw;
  }

  /** @returns the untagged part of the answer */
  async ask(command: string): Promise<string> {
    this.roundTrips += 1;
    const tag = `T${this.roundTrips}`;
    this.#received = '';
    this.#socket.write(`${tag} ${command}\r\n`);
    await this.#until(`${tag} OK`);
    return this.#received;
  }

  close(): void {
    this.#socket.destroy();
  }

  #until(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server did not say "${text.trim()}"`)), DEADLINE);
      this.#look = () => {
        // The end is where it stands: a body of megabytes is not searched again and again.
        if (!this.#received.slice(-4096).includes(text)) return;
        clearTimeout(timer);
        this.#look = () => {};
        resolve();
      };
      this.#look();
    });
  }
}
