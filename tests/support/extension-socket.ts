/** A socket as the extension's background has it. */
import { WebSocket } from 'ws';
import { ORIGIN } from './test-client.ts';

export function extensionSocket(url: string, protocol: string): globalThis.WebSocket {
  const socket = new WebSocket(url, protocol, { origin: ORIGIN });
  // In a browser nobody has to listen to it: `close` follows.
  socket.on('error', () => {});
  return socket as unknown as globalThis.WebSocket;
}
