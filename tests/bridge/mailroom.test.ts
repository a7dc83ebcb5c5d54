/** The mailroom with mail sources of our own, so that time can be compressed and a source can be told what to do. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Accounts, openAccounts } from '../../src/bridge/accounts.ts';
import { openDataFolder } from '../../src/bridge/data-folder.ts';
import { openLedger } from '../../src/bridge/ledger.ts';
import { silent } from '../../src/bridge/log.ts';
import { type Mailroom, openMailroom } from '../../src/bridge/mailroom.ts';
import { openVault } from '../../src/bridge/vault.ts';
import type { Account, Operation, RemoveOperation } from '../../src/model.ts';
import type { BridgeEvent } from '../../src/protocol.ts';
import { FakeSource } from '../support/fake-source.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { turns } from '../support/turns.ts';

const ACCOUNT: Account = {
  id: 'a',
  protocol: 'imap',
  name: 'Work',
  address: 'anna@example.test',
  user: 'anna',
  server: { host: '127.0.0.1', port: 1143, security: 'none' },
};

const trash = (uid: number): RemoveOperation => ({
  kind: 'trash',
  account: 'a',
  folder: 'INBOX',
  uidValidity: 7,
  target: { uids: [uid] },
});

let directory: TemporaryDirectory;
let sources: FakeSource[];
let accounts: Accounts;
let mailroom: Mailroom;
let told: BridgeEvent[];

async function open(): Promise<void> {
  accounts = await openAccounts(directory.path);
  mailroom = openMailroom({
    accounts,
    vault: await openVault(directory.path),
    ledger: await openLedger(directory.path, Date.now),
    openAccount: () => ({
      connect() {
        const source = new FakeSource(() => ({ unseen: 3 }));
        sources.push(source);
        return source;
      },
      pause: () => 0,
    }),
    log: silent,
    now: Date.now,
    random: () => 0,
    makeEpoch: () => 'epoch',
  });
}

/** The last source that was made and not closed. */
async function ready(): Promise<FakeSource> {
  return vi.waitFor(() => {
    const source = sources.findLast((one) => !one.closed);
    if (!source || mailroom.statusOf('a')?.state !== 'fresh') throw new Error('not yet');
    return source;
  });
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  directory = temporaryDirectory('mailroom');
  await openDataFolder(directory.path);
  sources = [];
  told = [];
  await open();
  await mailroom.operate('put', { kind: 'put-account', account: ACCOUNT });
  await mailroom.setSecret('a', 'secret');
  await ready();
});

afterEach(async () => {
  await mailroom.stop();
  vi.useRealTimers();
  directory.remove();
});

it('a removal waits seven seconds, then is done', async () => {
  const source = await ready();
  const done = mailroom.operate('1', trash(1));
  await vi.advanceTimersByTimeAsync(6_900);
  expect(source.removed).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(await done).toBeNull();
  expect(source.removed).toEqual([{ uid: 1, again: false }]);
});

it('a removal that is taken back is never done, however often it is sent again', async () => {
  const source = await ready();
  const done = mailroom.operate('1', trash(1));
  mailroom.undo('1');
  expect(await done).toBe('undone');
  expect(await mailroom.operate('1', trash(1))).toBe('undone');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(source.removed).toEqual([]);
});

it('taking back what is done already changes nothing', async () => {
  const source = await ready();
  const done = mailroom.operate('1', trash(1));
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await done).toBeNull();
  mailroom.undo('1');
  expect(await mailroom.operate('1', trash(1))).toBeNull();
  expect(source.removed).toHaveLength(1);
});

it('an operation that is sent again while it is carried out is done once, and answered to both', async () => {
  const source = await ready();
  let done: () => void = () => {};
  const mark = source.mark.bind(source);
  source.mark = async (operation) => {
    await mark(operation);
    await new Promise<void>((resolve) => {
      done = resolve;
    });
  };
  const seen: Operation = { kind: 'seen', account: 'a', folder: 'INBOX', uidValidity: 7, target: { uids: [1] } };
  const first = mailroom.operate('1', seen);
  await vi.waitFor(() => expect(source.marks).toHaveLength(1));
  const second = mailroom.operate('1', seen);
  await turns(5);
  done();
  expect(await Promise.all([first, second, mailroom.operate('1', seen)])).toEqual([null, null, null]);
  expect(source.marks).toHaveLength(1);
});

it('a bridge that goes down while a removal waits has not answered it: the next bridge does it', async () => {
  const answered = vi.fn();
  void mailroom.operate('1', trash(1)).then(answered);
  await mailroom.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answered).not.toHaveBeenCalled();
  await open();
  const source = await ready();
  const done = mailroom.operate('1', trash(1));
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await done).toBeNull();
  expect(source.removed).toHaveLength(1);
});

it('a line that dies under a removal: the next line is told that it is a second try', async () => {
  (await ready()).failWith = 'connection-lost';
  const first = await ready();
  const done = mailroom.operate('1', trash(1));
  await vi.advanceTimersByTimeAsync(7_000);
  // It is written down first, and the disk takes its own time.
  await vi.waitFor(() => expect(first.closed).toBe(true));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await done).toBeNull();
  expect((await ready()).removed).toEqual([{ uid: 1, again: true }]);
});

it('a bridge that dies under a removal: the next one goes on at once, told that it may have been done', async () => {
  // The power fails between the server's answer and the settling of it.
  const { path } = directory;
  const source = await ready();
  const remove = source.remove.bind(source);
  source.remove = async (operation, again) => {
    await remove(operation, again);
    await new Promise(() => {});
  };
  void mailroom.operate('1', trash(1));
  await vi.advanceTimersByTimeAsync(7_000);
  await vi.waitFor(() => expect(source.removed).toHaveLength(1));
  expect(readFileSync(`${path}/settled.jsonl`, 'utf8')).toContain('"1"');
  await mailroom.stop();
  await open();
  const next = await ready();
  const done = mailroom.operate('1', trash(1));
  mailroom.undo('1');
  expect(await done).toBeNull();
  expect(next.removed).toEqual([{ uid: 1, again: true }]);
});

it('a removal that the server refuses ends in its code', async () => {
  (await ready()).failWith = 'folder-missing';
  const done = mailroom.operate('1', trash(1));
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await done).toBe('folder-missing');
});

it('an operation that waits while its account gets new settings is done with the new ones', async () => {
  const done = mailroom.operate('1', trash(1));
  await mailroom.operate('move', { kind: 'put-account', account: { ...ACCOUNT, folders: ['INBOX', 'Lists'] } });
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await done).toBeNull();
  expect(sources.at(-1)?.removed).toHaveLength(1);
});

it('what could not be written down is answered all the same, and not done twice', async () => {
  const source = await ready();
  rmSync(`${directory.path}/settled.jsonl`);
  mkdirSync(`${directory.path}/settled.jsonl`);
  const done = mailroom.operate('1', trash(1));
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await done).toBeNull();
  expect(await mailroom.operate('1', trash(1))).toBeNull();
  expect(source.removed).toHaveLength(1);
});

it('has not stopped before what was settled is written down', async () => {
  const ledger = `${directory.path}/settled.jsonl`;
  // A disk that takes its time: a pipe is written to when somebody reads it, and not before.
  rmSync(ledger);
  execFileSync('mkfifo', [ledger]);
  void mailroom.operate('1', { kind: 'remove-account', account: 'nobody' });
  await turns(5);
  let stopped = false;
  const stopping = mailroom.stop().then(() => {
    stopped = true;
  });
  await turns(50);
  expect(stopped).toBe(false);
  expect(await readFile(ledger, 'utf8')).toMatch(/^{"id":"1","code":null,/);
  await stopping;
});

it('begins no account after it was stopped', async () => {
  let write: () => void = () => {};
  vi.spyOn(accounts, 'put').mockImplementation(
    () =>
      new Promise((resolve) => {
        write = () => resolve(true);
      }),
  );
  void mailroom.operate('move', { kind: 'put-account', account: { ...ACCOUNT, folders: ['Lists'] } });
  await vi.waitFor(() => expect(accounts.put).toHaveBeenCalled());
  const stopping = mailroom.stop();
  write();
  await stopping;
  await turns(20);
  expect(sources.filter(({ closed }) => !closed)).toEqual([]);
});

it('a new name alone does not sign in again', async () => {
  const before = sources.length;
  await mailroom.operate('rename', { kind: 'put-account', account: { ...ACCOUNT, name: 'Office' } });
  expect(sources).toHaveLength(before);
});

it('lets its lines go two minutes after the last browser has gone, and makes them anew for the next', async () => {
  const source = await ready();
  const first = mailroom.listen({ tell: (events) => told.push(...events), tellSnapshot: () => {} });
  const second = mailroom.listen({ tell: () => {}, tellSnapshot: () => {} });
  first();
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  expect(source.closed).toBe(false);
  second();
  await vi.advanceTimersByTimeAsync(119_000);
  expect(source.closed).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(source.closed).toBe(true);
  const made = sources.length;
  await vi.advanceTimersByTimeAsync(3600_000);
  expect(sources).toHaveLength(made);
  const third = mailroom.listen({ tell: () => {}, tellSnapshot: () => {} });
  await ready();
  expect(sources).toHaveLength(made + 1);
  third();
});
