/** The code that is pasted once to pair a browser with its bridge. */
import { fromBase64url, toBase64url } from './base64url.ts';

const PREFIX = 'mb1_';
const CID_BYTES = 8;
const SECRET_BYTES = 32;
/** Enough to catch every likely slip of a paste before anything is sent. */
const CHECK_BYTES = 4;
const CODE_BYTES = 2 + CID_BYTES + SECRET_BYTES + CHECK_BYTES;

export interface PairingCode {
  /** Where the bridge listens on 127.0.0.1. */
  port: number;
  /** Names the pairing; not secret. */
  cid: Uint8Array<ArrayBuffer>;
  /** 32 random bytes that are never sent. */
  secret: Uint8Array<ArrayBuffer>;
}

/** The code as text: a prefix and 62 characters. */
export async function formatPairingCode(code: PairingCode): Promise<string> {
  const body = new Uint8Array([code.port >> 8, code.port & 255, ...code.cid, ...code.secret]);
  return PREFIX + toBase64url(new Uint8Array([...body, ...(await checkBytes(body))]));
}

/** Reads a pasted code; white space round it and inside it is forgiven. null when it is mistyped or cut. */
export async function parsePairingCode(text: string): Promise<PairingCode | null> {
  const compact = text.replace(/\s/g, '');
  if (!compact.startsWith(PREFIX)) return null;
  const bytes = fromBase64url(compact.slice(PREFIX.length));
  if (bytes?.length !== CODE_BYTES) return null;
  const body = bytes.slice(0, -CHECK_BYTES);
  const check = await checkBytes(body);
  if (!bytes.slice(-CHECK_BYTES).every((byte, at) => byte === check[at])) return null;
  const port = new DataView(body.buffer).getUint16(0);
  if (port === 0) return null;
  return { port, cid: body.slice(2, 2 + CID_BYTES), secret: body.slice(2 + CID_BYTES) };
}

async function checkBytes(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', body)).slice(0, CHECK_BYTES);
}
