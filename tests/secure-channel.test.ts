import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toBase64url } from '../src/base64url.ts';
import {
  answerHello,
  type Binding,
  type Ephemeral,
  hashTranscript,
  importKey,
  makeEphemeral,
  ProofFailed,
  readHelloCid,
  startClient,
} from '../src/secure-channel.ts';
import vectors from './handshake-vectors.json';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const binding: Binding = { cid: hex(vectors.cid), origin: vectors.origin, host: vectors.host };

async function fixedEphemeral(nonce: string, privateKey: string): Promise<Ephemeral> {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(Buffer.from(privateKey, 'hex'));
  const point = curve.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: toBase64url(hex(privateKey)),
    x: toBase64url(point.subarray(1, 33)),
    y: toBase64url(point.subarray(33)),
  };
  const { d: _, ...publicJwk } = jwk;
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
  return {
    nonce: hex(nonce),
    keys: {
      privateKey: await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['deriveBits']),
      publicKey: await crypto.subtle.importKey('jwk', publicJwk, algorithm, true, []),
    },
  };
}

async function handshake(clientSide = binding, serverSide = binding, clientKey?: CryptoKey, serverKey?: CryptoKey) {
  const key = await importKey(hex(vectors.psk));
  const client = await startClient(clientSide, clientKey ?? key, await makeEphemeral());
  const server = await answerHello(client.hello, serverSide, serverKey ?? key, await makeEphemeral());
  const finished = await client.finish(server.answer);
  const accepted = await server.finish(finished.proof);
  return { client: finished, server: accepted };
}

describe('the vectors', () => {
  it('come out of both ends byte for byte', async () => {
    const key = await importKey(hex(vectors.psk));
    const clientSide = await fixedEphemeral(vectors.nC, vectors.dC);
    const serverSide = await fixedEphemeral(vectors.nS, vectors.dS);
    const client = await startClient(binding, key, clientSide);
    expect(JSON.parse(client.hello)).toEqual(vectors.m1);
    const server = await answerHello(client.hello, binding, key, serverSide);
    expect(JSON.parse(server.answer)).toEqual(vectors.m2);
    const finished = await client.finish(server.answer);
    expect(JSON.parse(finished.proof)).toEqual(vectors.m3);
    const accepted = await server.finish(finished.proof);
    expect(toHex(await finished.channel.seal(encode(vectors.c2s_plaintext0)))).toBe(vectors.c2s_frame0);
    expect(toHex(await accepted.channel.seal(encode(vectors.s2c_plaintext0)))).toBe(vectors.s2c_frame0);
    expect(decode(await accepted.channel.open(hex(vectors.c2s_frame0)))).toBe(vectors.c2s_plaintext0);
    expect(decode(await finished.channel.open(hex(vectors.s2c_frame0)))).toBe(vectors.s2c_plaintext0);
  });

  it('hash the same transcript', async () => {
    const point = async (side: Ephemeral) => new Uint8Array(await crypto.subtle.exportKey('raw', side.keys.publicKey));
    const clientSide = await fixedEphemeral(vectors.nC, vectors.dC);
    const serverSide = await fixedEphemeral(vectors.nS, vectors.dS);
    const transcript = await hashTranscript(
      binding,
      clientSide.nonce,
      await point(clientSide),
      serverSide.nonce,
      await point(serverSide),
    );
    expect(toHex(transcript)).toBe(vectors.transcript_sha256);
  });
});

describe('an honest handshake', () => {
  it('works a hundred times, leading zeros in the shared secret or not', async () => {
    for (let run = 0; run < 100; run++) {
      const { client, server } = await handshake();
      expect(decode(await server.channel.open(await client.channel.seal(encode('to the bridge'))))).toBe(
        'to the bridge',
      );
      expect(decode(await client.channel.open(await server.channel.seal(encode('to the browser'))))).toBe(
        'to the browser',
      );
    }
  });

  it('leaves both ends with one new key that differs from the code and cannot be exported', async () => {
    const { client, server } = await handshake();
    expect(toHex(server.pairedKey)).not.toBe(vectors.psk);
    await expect(crypto.subtle.exportKey('raw', client.pairedKey)).rejects.toThrow();
    const serverKey = await importKey(server.pairedKey);
    await expect(handshake(binding, binding, client.pairedKey, serverKey)).resolves.toBeDefined();
  });

  it('names its client before anything is proved', async () => {
    expect(readHelloCid(JSON.stringify(vectors.m1))).toEqual(hex(vectors.cid));
  });
});

describe('a handshake that must fail', () => {
  const other = { ...binding };
  it.each([
    ['another port', { ...other, host: '127.0.0.1:48766' }],
    ['another address', { ...other, host: '[::1]:48765' }],
    ['another origin', { ...other, origin: 'chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba' }],
    ['another client', { ...other, cid: hex('0001020304050608') }],
  ])('%s', async (_, serverSide) => {
    await expect(handshake(binding, serverSide)).rejects.toThrow(ProofFailed);
  });

  it('a squatter without the key does not pass as the bridge', async () => {
    await expect(handshake(binding, binding, undefined, await importKey(hex('22'.repeat(32))))).rejects.toThrow(
      ProofFailed,
    );
  });

  it('a client without the key does not pass', async () => {
    const key = await importKey(hex(vectors.psk));
    const client = await startClient(binding, key, await makeEphemeral());
    const server = await answerHello(client.hello, binding, key, await makeEphemeral());
    await expect(server.finish(JSON.stringify({ t: 'client', tag: toBase64url(new Uint8Array(32)) }))).rejects.toThrow(
      ProofFailed,
    );
  });

  it('every field of every step, changed by one bit, is refused', async () => {
    const key = await importKey(hex(vectors.psk));
    const flip = (text: string, field: string) => {
      const message = JSON.parse(text) as Record<string, string>;
      const bytes = Buffer.from(message[field] ?? '', 'base64url');
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      return JSON.stringify({ ...message, [field]: toBase64url(bytes) });
    };
    for (const field of ['cid', 'n', 'e']) {
      const client = await startClient(binding, key, await makeEphemeral());
      const refused = async () => {
        const hello = flip(client.hello, field);
        const cid = readHelloCid(hello);
        const server = await answerHello(hello, { ...binding, cid: cid ?? binding.cid }, key, await makeEphemeral());
        await client.finish(server.answer);
      };
      await expect(refused(), `hello.${field}`).rejects.toThrow(ProofFailed);
    }
    for (const field of ['n', 'e', 'tag']) {
      const client = await startClient(binding, key, await makeEphemeral());
      const server = await answerHello(client.hello, binding, key, await makeEphemeral());
      await expect(client.finish(flip(server.answer, field)), `server.${field}`).rejects.toThrow(ProofFailed);
    }
    const client = await startClient(binding, key, await makeEphemeral());
    const server = await answerHello(client.hello, binding, key, await makeEphemeral());
    const { proof } = await client.finish(server.answer);
    await expect(server.finish(flip(proof, 'tag'))).rejects.toThrow(ProofFailed);
  });

  it('a recorded hello and proof do not work a second time', async () => {
    const key = await importKey(hex(vectors.psk));
    const client = await startClient(binding, key, await makeEphemeral());
    const first = await answerHello(client.hello, binding, key, await makeEphemeral());
    const { proof } = await client.finish(first.answer);
    const second = await answerHello(client.hello, binding, key, await makeEphemeral());
    await expect(second.finish(proof)).rejects.toThrow(ProofFailed);
  });

  it('the bridge cannot be made to answer itself', async () => {
    const key = await importKey(hex(vectors.psk));
    const client = await startClient(binding, key, await makeEphemeral());
    const server = await answerHello(client.hello, binding, key, await makeEphemeral());
    const { tag } = JSON.parse(server.answer) as { tag: string };
    await expect(server.finish(JSON.stringify({ t: 'client', tag }))).rejects.toThrow(ProofFailed);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['another version', JSON.stringify({ ...vectors.m1, v: 2 })],
    ['a short nonce', JSON.stringify({ ...vectors.m1, n: 'qqqq' })],
    ['a number for a nonce', JSON.stringify({ ...vectors.m1, n: 1 })],
    ['over 1 KiB', JSON.stringify({ ...vectors.m1, padding: 'x'.repeat(1024) })],
    ['a point off the curve', JSON.stringify({ ...vectors.m1, e: toBase64url(new Uint8Array(65).fill(4)) })],
  ])('a hello that is %s', async (_, hello) => {
    const key = await importKey(hex(vectors.psk));
    const answered = async () => answerHello(hello, binding, key, await makeEphemeral());
    await expect(answered()).rejects.toThrow(ProofFailed);
  });
});

describe('frames', () => {
  it('refuse a changed bit, a repeat, a gap and the other direction', async () => {
    for (const attack of ['bit', 'repeat', 'gap', 'reflect', 'cut'] as const) {
      const { client, server } = await handshake();
      const first = await client.channel.seal(encode('one'));
      const second = await client.channel.seal(encode('two'));
      if (attack === 'bit') {
        first[0] = (first[0] ?? 0) ^ 1;
        await expect(server.channel.open(first), attack).rejects.toThrow(ProofFailed);
      } else if (attack === 'repeat') {
        await server.channel.open(first);
        await expect(server.channel.open(first), attack).rejects.toThrow(ProofFailed);
      } else if (attack === 'gap') {
        await expect(server.channel.open(second), attack).rejects.toThrow(ProofFailed);
      } else if (attack === 'reflect') {
        await expect(client.channel.open(first), attack).rejects.toThrow(ProofFailed);
      } else {
        await expect(server.channel.open(first.slice(0, -1)), attack).rejects.toThrow(ProofFailed);
      }
    }
  });

  it('keep their order when sealed and opened without waiting', async () => {
    const { client, server } = await handshake();
    const frames = await Promise.all([1, 2, 3, 4].map((n) => client.channel.seal(encode(String(n)))));
    const opened = await Promise.all(frames.map((frame) => server.channel.open(frame)));
    expect(opened.map(decode)).toEqual(['1', '2', '3', '4']);
  });
});
