/** The line to one client: a socket that can become TLS, be held still, and be cut. Knows no mail protocol. */
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { ByteQueue } from './byte-queue.ts';

/** PEM. */
export interface TlsKeyPair {
  cert: string;
  key: string;
}

export class Wire {
  /** What the client has sent. */
  readonly incoming = new ByteQueue();
  /** Counts from 1 in the order of arrival. */
  readonly number: number;
  /** Resolves when the line is gone, from whichever end. */
  readonly closed: Promise<void>;
  encrypted = false;
  private socket: Socket;
  private open = true;
  private held = false;
  private readonly heldIn: Buffer[] = [];
  private readonly heldOut: Buffer[] = [];
  private released: (() => void)[] = [];
  private bytesLeft = Number.POSITIVE_INFINITY;
  private markClosed: () => void = () => {};

  constructor(socket: Socket, number: number) {
    this.socket = socket;
    this.number = number;
    this.closed = new Promise((resolve) => {
      this.markClosed = resolve;
    });
    socket.setNoDelay(true);
    socket.on('close', () => this.gone());
    // A client that resets the line is an everyday event here; 'close' follows.
    socket.on('error', () => {});
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** Starts to read plain text. */
  listen(): void {
    this.socket.on('data', this.receive);
  }

  /** Puts TLS over the line (RFC 9051 section 6.2.1); resolves to false when the client does not get through it. */
  async startTls({ cert, key }: TlsKeyPair): Promise<boolean> {
    await this.whenReleased();
    if (!this.open) return false;
    const plain = this.socket;
    plain.off('data', this.receive);
    this.incoming.clear();
    const secure = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext({ cert, key }) });
    this.socket = secure;
    secure.on('close', () => this.gone());
    this.encrypted = await new Promise<boolean>((resolve) => {
      secure.once('secure', () => resolve(true));
      secure.on('error', () => {
        resolve(false);
        plain.destroy();
      });
      void this.closed.then(() => resolve(false));
    });
    if (this.encrypted) secure.on('data', this.receive);
    return this.encrypted;
  }

  write(data: Buffer | string): void {
    if (!this.open) return;
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    if (this.held) {
      this.heldOut.push(bytes);
      return;
    }
    const allowed = bytes.subarray(0, this.bytesLeft);
    this.bytesLeft -= allowed.length;
    this.socket.write(allowed);
    if (this.bytesLeft <= 0) this.end();
  }

  /** Lets so many more bytes out and then ends the line, in the middle of an answer if need be. */
  cutAfter(bytes: number): void {
    this.bytesLeft = bytes;
    if (bytes <= 0) this.cut();
  }

  /** From here on nothing is read and nothing leaves, as with a server process that hangs. The TCP line stays. */
  hold(): void {
    this.held = true;
  }

  /** Undoes `hold`: what was held goes its way. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    for (const waiting of this.released.splice(0)) waiting();
    for (const bytes of this.heldIn.splice(0)) this.incoming.push(bytes);
    for (const bytes of this.heldOut.splice(0)) this.write(bytes);
  }

  /** Resolves at once, or when the wire is no longer held or is gone. */
  async whenReleased(): Promise<void> {
    if (this.held && this.open) await new Promise<void>((resolve) => this.released.push(resolve));
  }

  /** Ends the line after what was written has left. */
  end(): void {
    if (!this.open) return;
    if (this.held) {
      void this.whenReleased().then(() => this.end());
      return;
    }
    this.socket.end(() => this.socket.destroy());
    // A client that never closes its own half must not keep the server from stopping.
    this.incoming.end();
  }

  /** Ends the line at once; with `reset` by RST instead of FIN. */
  cut({ reset = false }: { reset?: boolean } = {}): void {
    if (reset && !this.encrypted) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  private readonly receive = (bytes: Buffer): void => {
    if (this.held) this.heldIn.push(bytes);
    else this.incoming.push(bytes);
  };

  private gone(): void {
    if (!this.open) return;
    this.open = false;
    for (const waiting of this.released.splice(0)) waiting();
    this.incoming.end();
    this.markClosed();
  }
}
