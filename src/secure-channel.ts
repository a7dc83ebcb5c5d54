/**
 * The handshake "mail-bridge/1" and the sealed frames after it. WebCrypto only: bridge and background run this same file.
 * Shape of Noise NNpsk0: both ends prove a shared 256-bit key, the bridge first, over an ephemeral P-256 exchange.
 * `docs/PROTOCOL.md` tells it in words; `tests/secure-channel.test.ts` pins it by vectors.
 */
import { fromBase64url, toBase64url } from './base64url.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A constant of the protocol, hashed into every key. */
const LABEL = 'mail-bridge/1 P-256 HMAC-SHA256 HKDF-SHA256 AES-256-GCM';
const VERSION = 1;
const CID_BYTES = 8;
const NONCE_BYTES = 32;
/** An uncompressed P-256 point (SEC 1 section 2.3.3). */
const POINT_BYTES = 65;
const KEY_BYTES = 32;
/** Each step of the handshake is a text frame of at most this many bytes. */
export const MAX_HANDSHAKE_BYTES = 1024;
/** A session ends after this many frames each way, so that a counter never comes near its end. */
const MAX_FRAMES = 2 ** 32;

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** Thrown by both ends for every failed proof or frame. Says no more on purpose. */
export class ProofFailed extends Error {
  override name = 'ProofFailed';
}

/** What is fresh in one handshake; made by `makeEphemeral`, given by tests. */
export interface Ephemeral {
  nonce: Bytes;
  keys: CryptoKeyPair;
}

/** What both ends must agree on without having been told by the other. */
export interface Binding {
  /** The client id of the pairing, 8 bytes. */
  cid: Uint8Array;
  /** The extension's origin. Client: its own; bridge: the Origin header, after the allow-list. */
  origin: string;
  /** `127.0.0.1:PORT`. Client: what it dialled; bridge: what it is bound to. */
  host: string;
}

/** One end of an open session. Frames are sealed and opened in the order of the calls. */
export interface SecureChannel {
  seal(plaintext: Uint8Array): Promise<Bytes>;
  /** @throws {ProofFailed} for a changed, repeated, reordered or dropped frame */
  open(frame: Uint8Array): Promise<Bytes>;
}

/** Imports 32 bytes (a code's secret or a paired key) as a key that can only prove itself. */
export function importKey(secret: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(secret), HMAC, false, ['sign']);
}

export async function makeEphemeral(): Promise<Ephemeral> {
  const keys = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  return { nonce: crypto.getRandomValues(new Uint8Array(NONCE_BYTES)), keys: keys as CryptoKeyPair };
}

/** The client id that a hello names, or null if the text is no well-formed hello. Trusts nothing else in it. */
export function readHelloCid(hello: string): Bytes | null {
  return readHello(hello)?.cid ?? null;
}

/** Step 1, at the client. `hello` goes to the bridge; its answer goes to `finish`. */
export async function startClient(binding: Binding, key: CryptoKey, ephemeral: Ephemeral) {
  const point = await exportPoint(ephemeral.keys);
  const hello = JSON.stringify({
    t: 'hello',
    v: VERSION,
    cid: toBase64url(binding.cid),
    n: toBase64url(ephemeral.nonce),
    e: toBase64url(point),
  });

  /**
   * Step 3. Gives the proof for the bridge, the session, and the long-term key to keep after pairing.
   * @throws {ProofFailed} when this is not the bridge of the pairing: nothing more may be sent then
   */
  async function finish(answer: string) {
    const server = readServer(answer);
    if (!server) throw new ProofFailed();
    const transcript = await hashTranscript(binding, ephemeral.nonce, point, server.nonce, server.point);
    const secrets = await deriveSecrets(key, transcript, ephemeral.keys.privateKey, server.point);
    if (!(await verifyTag(secrets.serverTagKey, 'server finished', transcript, server.tag))) throw new ProofFailed();
    const tag = await makeTag(secrets.clientTagKey, 'client finished', transcript);
    return {
      proof: JSON.stringify({ t: 'client', tag: toBase64url(tag) }),
      channel: makeChannel(secrets.keyToServer, 'frame c2s', secrets.keyToClient, 'frame s2c'),
      pairedKey: await importKey(secrets.pairedKey),
    };
  }

  return { hello, finish };
}

/**
 * Step 2, at the bridge. `answer` goes to the client; its proof goes to `finish`.
 * @throws {ProofFailed} for a malformed hello
 */
export async function answerHello(hello: string, binding: Binding, key: CryptoKey, ephemeral: Ephemeral) {
  const client = readHello(hello);
  if (!client) throw new ProofFailed();
  const point = await exportPoint(ephemeral.keys);
  const transcript = await hashTranscript(binding, client.nonce, client.point, ephemeral.nonce, point);
  const secrets = await deriveSecrets(key, transcript, ephemeral.keys.privateKey, client.point);
  const tag = await makeTag(secrets.serverTagKey, 'server finished', transcript);
  const answer = JSON.stringify({
    t: 'server',
    n: toBase64url(ephemeral.nonce),
    e: toBase64url(point),
    tag: toBase64url(tag),
  });

  /** Gives the session and the bytes of the long-term key. @throws {ProofFailed} */
  async function finish(proof: string) {
    const clientTag = readClient(proof);
    if (!clientTag || !(await verifyTag(secrets.clientTagKey, 'client finished', transcript, clientTag)))
      throw new ProofFailed();
    return {
      channel: makeChannel(secrets.keyToClient, 'frame s2c', secrets.keyToServer, 'frame c2s'),
      pairedKey: secrets.pairedKey,
    };
  }

  return { answer, finish };
}

/** SHA-256 over everything both ends must agree on, each field with its length before it. Exported for the vectors. */
export async function hashTranscript(
  binding: Binding,
  clientNonce: Uint8Array,
  clientPoint: Uint8Array,
  serverNonce: Uint8Array,
  serverPoint: Uint8Array,
): Promise<Bytes> {
  const { cid, origin, host } = binding;
  const fields = [LABEL, cid, origin, host, clientNonce, clientPoint, serverNonce, serverPoint];
  return new Uint8Array(await crypto.subtle.digest('SHA-256', prefixed(...fields)));
}

async function deriveSecrets(key: CryptoKey, transcript: Bytes, own: CryptoKey, other: Bytes) {
  // Importing checks that the point lies on the curve.
  const point = await crypto.subtle.importKey('raw', other, CURVE, false, []).catch(() => {
    throw new ProofFailed();
  });
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: point }, own, 256));
  const bound = new Uint8Array(await crypto.subtle.sign('HMAC', key, prefixed('psk', transcript)));
  const material = new Uint8Array([...bound, ...shared]);
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits']);
  const derive = async (info: string): Promise<Bytes> =>
    new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: 'HKDF', hash: 'SHA-256', salt: transcript, info: new TextEncoder().encode(info) },
        base,
        KEY_BYTES * 8,
      ),
    );
  return {
    serverTagKey: await derive('finished s'),
    clientTagKey: await derive('finished c'),
    keyToServer: await derive('key c2s'),
    keyToClient: await derive('key s2c'),
    pairedKey: await derive('paired key'),
  };
}

function makeChannel(sendKey: Bytes, sendLabel: string, receiveKey: Bytes, receiveLabel: string): SecureChannel {
  const sending = crypto.subtle.importKey('raw', sendKey, 'AES-GCM', false, ['encrypt']);
  const receiving = crypto.subtle.importKey('raw', receiveKey, 'AES-GCM', false, ['decrypt']);
  let sent = 0;
  let received = 0;
  // The counters are taken at the call, before any await: two calls at once never share one.
  return {
    async seal(plaintext) {
      const parameters = frameParameters(sent++, sendLabel);
      return new Uint8Array(await crypto.subtle.encrypt(parameters, await sending, new Uint8Array(plaintext)));
    },
    async open(frame) {
      const parameters = frameParameters(received++, receiveLabel);
      try {
        return new Uint8Array(await crypto.subtle.decrypt(parameters, await receiving, new Uint8Array(frame)));
      } catch {
        throw new ProofFailed();
      }
    },
  };
}

function frameParameters(counter: number, label: string): AesGcmParams {
  if (counter >= MAX_FRAMES) throw new ProofFailed();
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setBigUint64(4, BigInt(counter));
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(label) };
}

async function makeTag(key: Bytes, label: string, transcript: Bytes): Promise<Bytes> {
  const signing = await crypto.subtle.importKey('raw', key, HMAC, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', signing, prefixed(label, transcript)));
}

async function verifyTag(key: Bytes, label: string, transcript: Bytes, tag: Bytes): Promise<boolean> {
  // subtle.verify compares in constant time at both ends.
  const verifying = await crypto.subtle.importKey('raw', key, HMAC, false, ['verify']);
  return crypto.subtle.verify('HMAC', verifying, tag, prefixed(label, transcript));
}

async function exportPoint(keys: CryptoKeyPair): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
}

/** Each field with its length as two big-endian bytes before it, so that no two lists of fields look alike. */
function prefixed(...fields: (string | Uint8Array)[]): Bytes {
  const parts = fields.map((field) => (typeof field === 'string' ? new TextEncoder().encode(field) : field));
  return new Uint8Array(parts.flatMap((part) => [part.length >> 8, part.length & 255, ...part]));
}

function readHello(text: string): { cid: Bytes; nonce: Bytes; point: Bytes } | null {
  const fields = readFields(text, 'hello');
  if (!fields || fields['v'] !== VERSION) return null;
  const cid = readBytes(fields['cid'], CID_BYTES);
  const nonce = readBytes(fields['n'], NONCE_BYTES);
  const point = readBytes(fields['e'], POINT_BYTES);
  return cid && nonce && point ? { cid, nonce, point } : null;
}

function readServer(text: string): { nonce: Bytes; point: Bytes; tag: Bytes } | null {
  const fields = readFields(text, 'server');
  if (!fields) return null;
  const nonce = readBytes(fields['n'], NONCE_BYTES);
  const point = readBytes(fields['e'], POINT_BYTES);
  const tag = readBytes(fields['tag'], KEY_BYTES);
  return nonce && point && tag ? { nonce, point, tag } : null;
}

function readClient(text: string): Bytes | null {
  const fields = readFields(text, 'client');
  return fields ? readBytes(fields['tag'], KEY_BYTES) : null;
}

function readFields(text: string, type: string): Record<string, unknown> | null {
  if (text.length > MAX_HANDSHAKE_BYTES) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const fields = value as Record<string, unknown>;
    return fields['t'] === type ? fields : null;
  } catch {
    return null;
  }
}

function readBytes(value: unknown, length: number): Bytes | null {
  const bytes = typeof value === 'string' ? fromBase64url(value) : null;
  return bytes?.length === length ? bytes : null;
}
