/** What the bridge keeps on disk. */
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataFolder, readPrivateFile, UnsafeFolder, writePrivateFile } from '../../src/bridge/data-folder.ts';
import { openLedger } from '../../src/bridge/ledger.ts';
import { CODE_LIFETIME, openPairingBook } from '../../src/bridge/pairing.ts';
import { openVault } from '../../src/bridge/vault.ts';
import type { Account } from '../../src/model.ts';
import { formatPairingCode, parsePairingCode } from '../../src/pairing-code.ts';
import { MalformedFrame, parseCommands } from '../../src/protocol.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';

let directory: TemporaryDirectory;
const at = (name: string) => path.join(directory.path, name);
const account: Account = {
  id: 'a',
  protocol: 'imap',
  name: 'n',
  address: '',
  user: 'anna',
  server: { host: 'h', port: 993, security: 'tls' },
};

beforeEach(() => {
  directory = temporaryDirectory('files');
});
afterEach(() => directory.remove());

it('files are private from the first moment, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    await openDataFolder(at('data'));
    await writePrivateFile(at('data/file'), 'x');
  } finally {
    process.umask(before);
  }
  expect(statSync(at('data')).mode & 0o777).toBe(0o700);
  expect(statSync(at('data/file')).mode & 0o777).toBe(0o600);
});

it('what others can read, or a link, is refused', async () => {
  writeFileSync(at('open'), 'x');
  chmodSync(at('open'), 0o644);
  await expect(readPrivateFile(at('open'))).rejects.toThrow(UnsafeFolder);
  symlinkSync('/etc/hostname', at('link'));
  await expect(readPrivateFile(at('link'))).rejects.toThrow(UnsafeFolder);
  expect(await readPrivateFile(at('missing'))).toBeNull();
});

it('a secret is given back for its own server and user only, is not readable on disk, and outlives the process', async () => {
  const vault = await openVault(directory.path);
  await vault.write(account, 'canary-secret');
  expect(readFileSync(at('vault'), 'latin1')).not.toContain('canary-secret');
  const again = await openVault(directory.path);
  expect(again.read(account)).toBe('canary-secret');
  for (const change of [
    { user: 'bo' },
    { server: { ...account.server, host: 'other' } },
    { server: { ...account.server, port: 143 } },
    { server: { ...account.server, security: 'starttls' as const } },
  ])
    expect(again.read({ ...account, ...change })).toBeNull();
  await again.rebind({ ...account, user: 'bo' });
  expect(again.read(account)).toBeNull();
});

it('a line of the ledger that a crash has cut is left out', async () => {
  const ledger = await openLedger(directory.path, Date.now);
  await ledger.settle('one', null);
  await ledger.settle('two', 'server-refused');
  writeFileSync(at('settled.jsonl'), `${readFileSync(at('settled.jsonl'), 'utf8')}{"id":"thr`);
  const again = await openLedger(directory.path, Date.now);
  expect([again.find('one'), again.find('two'), again.find('thr')]).toEqual([null, 'server-refused', undefined]);
});

it('a code expires; two programs at once lose nothing', async () => {
  let clock = 1_000_000_000_000;
  const [first, second] = [openPairingBook(directory.path, () => clock), openPairingBook(directory.path, () => clock)];
  const codes = await Promise.all([first.addPending(1), second.addPending(1)]);
  for (const code of codes) expect(code && (await first.find(code.cid))?.kind).toBe('pending');
  clock += CODE_LIFETIME;
  for (const code of codes) expect(code && (await first.find(code.cid))).toBeNull();
});

it('every slip in a pairing code is noticed', async () => {
  const code = await formatPairingCode({
    port: 27993,
    cid: new Uint8Array(8).fill(3),
    secret: new Uint8Array(32).fill(200),
  });
  expect(code).toHaveLength(66);
  expect(await parsePairingCode(` ${code.slice(0, 30)}\n${code.slice(30)} `)).toMatchObject({ port: 27993 });
  for (let place = 0; place < code.length; place += 1) {
    const other = code[place] === 'A' ? 'B' : 'A';
    expect(await parsePairingCode(code.slice(0, place) + other + code.slice(place + 1)), `place ${place}`).toBeNull();
  }
});

it('a frame is read or refused, never anything else', () => {
  const parse = (text: string) => parseCommands(Buffer.from(text));
  expect(parse('[{"type":"ping","extra":1}]')).toEqual([{ type: 'ping' }]);
  for (const name of ['__proto__', 'constructor', 'toString', 'later'])
    expect(parse(`[{"type":"${name}","id":"x"}]`)).toEqual([{ type: 'unknown', name, id: 'x' }]);
  for (const text of [
    '',
    '{}',
    'null',
    '[1]',
    '[{}]',
    '[{"type":1}]',
    '[{"type":"hello"}]',
    '[{"type":"operate","id":"x","operation":{"kind":"seen","account":"a","folder":"f","uidValidity":0,"target":{"uids":[1]}}}]',
  ])
    expect(() => parse(text), text).toThrow(MalformedFrame);
});
