/** Who may knock: the checks on an upgrade request before a single byte is answered. Pure; no parsing that could throw. */

/** An extension's own page or background: full match, or it is no origin of ours. */
const EXTENSION_ORIGIN =
  /^(?:chrome-extension:\/\/[a-p]{32}|moz-extension:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The one subprotocol; a later version of the handshake takes another name. Asking for none is allowed. */
export const SUBPROTOCOL = 'mail-bridge-1';

/** 16 bytes in base64 (RFC 6455 section 4.1). */
const SOCKET_KEY = /^[+/0-9A-Za-z]{22}==$/;
const SOCKET_VERSION = '13';
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export interface UpgradeRequest {
  method: string | undefined;
  url: string | undefined;
  httpVersion: string;
  /** Names and values in turn, as they came (Node's rawHeaders). */
  rawHeaders: readonly string[];
}

/**
 * The extension's origin, or null when the request must be refused: a web page, a page under a rebound name, anything
 * that is not plainly `ws://127.0.0.1:PORT/` asked for by an extension. The WebSocket headers are looked at here too: left
 * to the library, a slip in them would be answered in its own words.
 */
export function admit(request: UpgradeRequest, port: number): string | null {
  const origins = headerValues(request.rawHeaders, 'origin');
  const hosts = headerValues(request.rawHeaders, 'host');
  const origin = origins[0];
  if (request.method !== 'GET' || request.url !== '/' || request.httpVersion !== '1.1') return null;
  if (hosts.length !== 1 || hosts[0] !== `127.0.0.1:${port}`) return null;
  if (origins.length !== 1 || origin === undefined || !EXTENSION_ORIGIN.test(origin)) return null;
  return asksForSocket(request.rawHeaders) ? origin : null;
}

function asksForSocket(rawHeaders: readonly string[]): boolean {
  const one = (name: string, fits: (value: string) => boolean) => {
    const values = headerValues(rawHeaders, name);
    return values.length === 1 && values.every(fits);
  };
  return (
    one('upgrade', (value) => value.toLowerCase() === 'websocket') &&
    one('sec-websocket-key', (value) => SOCKET_KEY.test(value)) &&
    one('sec-websocket-version', (value) => value === SOCKET_VERSION) &&
    offersOurs(headerValues(rawHeaders, 'sec-websocket-protocol'))
  );
}

/** A newer extension may offer a later name too. */
function offersOurs(values: readonly string[]): boolean {
  if (values.length === 0) return true;
  const offered = values
    .join(',')
    .split(',')
    .map((name) => name.trim());
  return (
    offered.every((name) => TOKEN.test(name)) &&
    new Set(offered).size === offered.length &&
    offered.includes(SUBPROTOCOL)
  );
}

function headerValues(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}
