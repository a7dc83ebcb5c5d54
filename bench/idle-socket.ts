/** The reference for news: a plain socket in IDLE (RFC 2177), with nothing between it and the server. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Longer than a server in good health takes for anything. Milliseconds. */
const DEADLINE = 15_000;

export class IdleSocket {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // What fails is told by the answer that does not come.
    socket.on('error', () => {});
  }

  /** Signs in at 127.0.0.1, opens the inbox, says what else is to be said, and listens. */
  static async open(port: number, user: string, password: string, also?: string): Promise<IdleSocket> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    const idle = new IdleSocket(socket);
    try {
      await idle.#ask(`a LOGIN ${user} ${password}`, 'a OK');
      await idle.#ask('b SELECT INBOX', 'b OK');
      if (also !== undefined) await idle.#ask(`also ${also}`, 'also OK');
      await idle.#ask('c IDLE', '+ ');
    } catch (error) {
      idle.close();
      throw error;
    }
    return idle;
  }

  /** Waits for the server to say this. @returns when it did, by `performance.now()` */
  hears(text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      let received = '';
      const end = () => {
        clearTimeout(timer);
        this.#socket.off('data', take);
      };
      const take = (bytes: Buffer) => {
        const now = performance.now();
        received += bytes.toString('latin1');
        if (!received.includes(text)) return;
        end();
        resolve(now);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`the server did not say "${text.trim()}"`));
      }, DEADLINE);
      this.#socket.on('data', take);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  async #ask(command: string, answer: string): Promise<void> {
    const answered = this.hears(answer);
    this.#socket.write(`${command}\r\n`);
    await answered;
  }
}
