import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CODE_LIFETIME, cidText, MAX_PENDING, openPairingBook, type PairingBook } from '../../src/bridge/pairing.ts';
import type { PairingCode } from '../../src/pairing-code.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { turns } from '../support/turns.ts';

const ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
const KEY = new Uint8Array(32).fill(9);
let directory: TemporaryDirectory;
let clock: number;
let book: PairingBook;
const open = () => openPairingBook(directory.path, () => clock);
const lockFile = () => `${directory.path}/pairing.json.lock`;

beforeEach(() => {
  directory = temporaryDirectory('pairing');
  clock = Date.now();
  book = open();
});
afterEach(() => directory.remove());

async function addPending(): Promise<PairingCode> {
  const code = await book.addPending(1);
  if (!code) throw new Error('no code');
  return code;
}

async function pair(label: string): Promise<PairingCode> {
  const code = await addPending();
  await book.commit(code.cid, KEY, ORIGIN, label);
  return code;
}

it('a code becomes a browser, once', async () => {
  const code = await addPending();
  expect(await book.find(code.cid)).toEqual({ kind: 'pending', key: Buffer.from(code.secret) });
  expect(await book.commit(code.cid, KEY, ORIGIN, 'Firefox')).toBe(true);
  expect(await open().find(code.cid)).toEqual({ kind: 'paired', key: Buffer.from(KEY), origin: ORIGIN });
  expect(await book.commit(code.cid, new Uint8Array(32), ORIGIN, 'another')).toBe(false);
  expect(await book.clients()).toEqual([
    { cid: cidText(code.cid), origin: ORIGIN, label: 'Firefox', created: clock, lastSeen: clock },
  ]);
});

it('a code that has expired while it was redeemed pairs nobody, and makes room', async () => {
  const code = await addPending();
  clock += CODE_LIFETIME - 1;
  expect((await book.find(code.cid))?.kind).toBe('pending');
  clock += 1;
  expect(await book.commit(code.cid, KEY, ORIGIN, 'late')).toBe(false);
  expect(await book.clients()).toEqual([]);
  for (let time = 0; time < MAX_PENDING; time += 1) await addPending();
});

it('no more codes wait than are allowed, also when several programs ask at once', async () => {
  const codes = await Promise.all(Array.from({ length: 8 }, () => open().addPending(1)));
  expect(codes.filter((code) => code !== null)).toHaveLength(MAX_PENDING);
});

it('changes of several programs at once are all kept', async () => {
  const [stays, goes] = [await pair('stays'), await pair('goes')];
  clock += 1_000;
  await Promise.all([
    open().touch(stays.cid),
    open().revoke(cidText(goes.cid)),
    open().addPending(1),
    open().touch(stays.cid),
  ]);
  expect(await book.clients()).toMatchObject([{ label: 'stays', lastSeen: clock }]);
  expect(await book.find(goes.cid)).toBeNull();
});

it('a lock that a dead program has left is broken; one that is held is waited for', async () => {
  writeFileSync(lockFile(), '');
  const old = Date.now() / 1000 - 60;
  utimesSync(lockFile(), old, old);
  await addPending();
  expect(existsSync(lockFile())).toBe(false);

  writeFileSync(lockFile(), '');
  clock = Date.now();
  const waiting = addPending();
  let done = false;
  void waiting.then(() => {
    done = true;
  });
  await turns(50);
  expect(done).toBe(false);
  utimesSync(lockFile(), old, old);
  await waiting;
});

it('revoking takes one browser, or all and the codes that wait', async () => {
  const [first, second] = [await pair('first'), await pair('second')];
  expect(await book.revoke(cidText(first.cid))).toEqual([cidText(first.cid)]);
  expect(await book.revoke(cidText(first.cid))).toEqual([]);
  const code = await addPending();
  expect(await book.revoke('all')).toEqual([cidText(second.cid)]);
  expect(await book.find(code.cid)).toBeNull();
  expect(await book.clients()).toEqual([]);
});
