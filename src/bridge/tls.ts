/** How the line to a mail server is protected, and what a failed handshake means. */
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ErrorCode, Server } from '../model.ts';
import { BridgeError } from './errors.ts';

/** Verified against the system's trust, TLS 1.2 or newer (RFC 8997). There is no switch that accepts everything. */
export const TLS_OPTIONS: ConnectionOptions = { minVersion: 'TLSv1.2', rejectUnauthorized: true };

/** Ports of other services, which a client taken over could otherwise be used to talk to (the idea of fetch's bad ports). */
const FOREIGN_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 80, 87, 95, 101, 102, 103, 104, 109, 111,
  113, 115, 117, 119, 123, 135, 137, 139, 161, 179, 389, 443, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548,
  554, 556, 563, 587, 601, 636, 989, 990, 1719, 1720, 1723, 2049, 3659, 4045, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
  6668, 6669, 6697, 10080,
]);

/** True for names and addresses that never leave this computer. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Refuses what must never be tried. @throws {BridgeError} `plaintext-refused` or `port-refused` */
export function checkServer(server: Server): void {
  if (server.security === 'none' && !isLoopback(server.host)) throw new BridgeError('plaintext-refused');
  if (FOREIGN_PORTS.has(server.port)) throw new BridgeError('port-refused');
}

/** A socket on its way to the server: encrypted at once for `tls`, plain for the others. */
export function openSocket({ host, port, security }: Server): Socket {
  if (security !== 'tls') return connect({ host, port });
  // Server names are for names (RFC 6066 section 3).
  return connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...TLS_OPTIONS });
}

const CERTIFICATE_CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['CERT_HAS_EXPIRED', 'tls-expired'],
  ['CERT_NOT_YET_VALID', 'tls-expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-self-signed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-wrong-name'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'tls-untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls-untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-untrusted'],
  ['CERT_REVOKED', 'tls-untrusted'],
  ['CERT_UNTRUSTED', 'tls-untrusted'],
  ['CERT_SIGNATURE_FAILURE', 'tls-untrusted'],
]);

const NETWORK_CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['ENOTFOUND', 'host-not-found'],
  ['EAI_AGAIN', 'host-not-found'],
  ['EAI_NONAME', 'host-not-found'],
  ['ECONNREFUSED', 'connection-refused'],
  ['ETIMEDOUT', 'connection-timeout'],
  ['EHOSTUNREACH', 'connection-timeout'],
  ['ENETUNREACH', 'connection-timeout'],
  ['EHOSTDOWN', 'connection-timeout'],
  ['ECONNRESET', 'connection-lost'],
  ['ECONNABORTED', 'connection-lost'],
  ['EPIPE', 'connection-lost'],
  ['EPROTO', 'tls-failed'],
]);

/** What an error code of Node's network or TLS means to us; null for any other. */
export function networkCode(code: string): ErrorCode | null {
  return CERTIFICATE_CODES.get(code) ?? NETWORK_CODES.get(code) ?? (/^ERR_(SSL|TLS)_/.test(code) ? 'tls-failed' : null);
}
