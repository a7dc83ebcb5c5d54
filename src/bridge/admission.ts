/** Who may knock: the checks on an upgrade request before a single byte is answered. Pure; no parsing that could throw. */

/** An extension's own page or background: full match, or it is no origin of ours. */
const EXTENSION_ORIGIN =
  /^(?:chrome-extension:\/\/[a-p]{32}|moz-extension:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The one subprotocol; a later version of the handshake takes another name. Asking for none is allowed. */
export const SUBPROTOCOL = 'mail-bridge-1';

export interface UpgradeRequest {
  method: string | undefined;
  url: string | undefined;
  httpVersion: string;
  /** Names and values in turn, as they came (Node's rawHeaders). */
  rawHeaders: readonly string[];
}

/**
 * The extension's origin, or null when the request must be refused: a web page, a page under a rebound name, anything
 * that is not plainly `ws://127.0.0.1:PORT/` asked for by an extension.
 */
export function admit(request: UpgradeRequest, port: number): string | null {
  const origins = headerValues(request.rawHeaders, 'origin');
  const hosts = headerValues(request.rawHeaders, 'host');
  const origin = origins[0];
  if (request.method !== 'GET' || request.url !== '/' || request.httpVersion !== '1.1') return null;
  if (hosts.length !== 1 || hosts[0] !== `127.0.0.1:${port}`) return null;
  if (origins.length !== 1 || origin === undefined || !EXTENSION_ORIGIN.test(origin)) return null;
  return origin;
}

function headerValues(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}
