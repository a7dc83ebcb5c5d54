/** A line that is slow, cut, silent or in crumbs: between a client and a server, both real. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class ChaosProxy {
  /** Milliseconds that each piece takes in each direction: half of a round trip. */
  delay = 0;
  /** Bytes towards the client come in pieces of this size at the most. */
  pieceSize = Number.POSITIVE_INFINITY;
  /** After so many bytes towards the client its connection is cut; counted from when this is set. */
  cutAfter = Number.POSITIVE_INFINITY;
  /** Bytes that have gone towards the clients. */
  towardsClient = 0;
  /** Commands that have gone towards the server, without the answers to its continuation requests. */
  commands = 0;
  /** When a client's first byte from the server left; milliseconds by `performance.now`. */
  greetedAt = 0;
  private frozen = false;
  private readonly held: (() => void)[] = [];
  private readonly pairs = new Set<[client: Socket, upstream: Socket]>();
  private readonly server: Server;

  private constructor(private readonly target: number) {
    this.server = createServer((client) => this.accept(client));
  }

  static async start(target: number): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** Nothing moves any more, in either direction, and nobody is told: a path that is gone. */
  freeze(): void {
    this.frozen = true;
  }

  /** What was held moves on. */
  thaw(): void {
    this.frozen = false;
    for (const move of this.held.splice(0)) move();
  }

  /** Every connection ends. */
  cut(): void {
    for (const [client, upstream] of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    const pair: [Socket, Socket] = [client, upstream];
    this.pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.pairs.delete(pair);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      this.commands += bytes.toString('latin1').match(/^[0-9A-Fa-f]+ [A-Z]/gm)?.length ?? 0;
      this.pass(() => upstream.write(bytes));
    });
    upstream.on('data', (bytes) => {
      for (let at = 0; at < bytes.length; at += this.pieceSize) {
        const piece = bytes.subarray(at, at + Math.min(this.pieceSize, bytes.length));
        this.pass(() => this.give(client, piece));
        if (this.pieceSize === Number.POSITIVE_INFINITY) break;
      }
    });
  }

  private give(client: Socket, bytes: Buffer): void {
    this.greetedAt ||= performance.now();
    const allowed = Math.max(0, this.cutAfter);
    this.cutAfter -= bytes.length;
    this.towardsClient += Math.min(bytes.length, allowed);
    client.write(bytes.subarray(0, allowed));
    if (bytes.length >= allowed) client.end();
  }

  private pass(move: () => unknown): void {
    const go = () => {
      if (this.frozen) this.held.push(() => void move());
      else move();
    };
    if (this.delay > 0) setTimeout(go, this.delay);
    else go();
  }
}
