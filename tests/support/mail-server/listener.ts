/** Listens on 127.0.0.1 and keeps the lines that are open; can stop and start again on the same port. */
import { createServer, type Server, type Socket } from 'node:net';
import { Wire } from './wire.ts';

export class Listener {
  /** 0 until started for the first time, unless one was asked for. */
  port: number;
  readonly wires = new Set<Wire>();
  private server: Server | null = null;
  private count = 0;
  private readonly serve: (wire: Wire) => void;

  /** `serve` is called with each new line, before anything was read from it. */
  constructor(port: number, serve: (wire: Wire) => void) {
    this.port = port;
    this.serve = serve;
  }

  /** @throws when the port is taken */
  async start(): Promise<void> {
    if (this.server) return;
    const server = createServer((socket) => this.accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
    const address = server.address();
    if (address && typeof address === 'object') this.port = address.port;
  }

  /** Drops every line and frees the port; the port's number is kept for the next `start`. */
  async stop(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = null;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const wire of this.wires) wire.cut();
    await closed;
  }

  private accept(socket: Socket): void {
    // Accepted by the kernel in the moment in which the server stops.
    if (!this.server) {
      socket.destroy();
      return;
    }
    this.count += 1;
    const wire = new Wire(socket, this.count);
    this.wires.add(wire);
    void wire.closed.then(() => this.wires.delete(wire));
    this.serve(wire);
  }
}
