import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range that systems take ports for outgoing connections from (Linux: 32768 up), so that a server that is
 * stopped for a while finds its port still free when it comes back; above what well-known services use.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

const taken = new Set<number>();

/**
 * A port on 127.0.0.1 where nobody listens; never the same twice in one process.
 * For programs that must be told a port: whoever can listen on port 0 should.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (taken.has(port)) continue;
    if (await canListen(port)) {
      taken.add(port);
      return port;
    }
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} on 127.0.0.1`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
