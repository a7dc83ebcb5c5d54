/** Lines that freeze, are cut, slow, or come in crumbs; what is told in the end is what the server holds. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChaosProxy } from '../../support/chaos-proxy.ts';
import { TestAccount } from '../../support/imap-account.ts';
import { Faults } from '../../support/mail-server/faults.ts';
import { type MailServer, startMailServer } from '../../support/mail-server/mail-server.ts';

let mail: MailServer;
let proxy: ChaosProxy;
let account: TestAccount | undefined;

beforeEach(async () => {
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: 'pw' }],
    security: 'none',
    faults: new Faults(),
  });
  proxy = await ChaosProxy.start(mail.port);
  for (let n = 1; n <= 6; n += 1) deliver(`m${n}`, n % 2 ? [] : ['\\Seen']);
});

afterEach(async () => {
  vi.useRealTimers();
  await account?.close();
  account = undefined;
  await proxy.close();
  await mail.close();
});

const inbox = () => mail.store.account('anna').inbox;

function deliver(subject: string, flags: string[] = []): number {
  const text = `From: Bo <bo@example.test>\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.test>\r\n\r\nText\r\n`;
  return inbox().deliver(text, { flags }).uid;
}

/** What a person does in a minute: opens the account, gets mail, marks, moves, reads. */
async function use(one: TestAccount): Promise<void> {
  await one.source.open();
  const { uidValidity } = inbox();
  await one.until(() => one.rows().every(({ snippet }) => snippet !== null), 'all words');
  deliver('new');
  await one.untilUnread(4);
  await one.source.mark({ kind: 'seen', account: 'a', folder: 'INBOX', uidValidity, target: { uids: [1] } });
  await one.source.remove?.(
    { kind: 'trash', account: 'a', folder: 'INBOX', uidValidity, target: { uids: [2] } },
    false,
  );
  const ref = { folder: 'INBOX', uidValidity, uid: 3 };
  expect((await one.source.readMessage?.(ref, new AbortController().signal))?.text).toBe('Text');
  await one.source.check();
  expect([one.unread, one.subjects()]).toEqual([3, ['m1', 'm3', 'm4', 'm5', 'm6', 'new']]);
}

it('a line that hands over one byte at a time', async () => {
  proxy.pieceSize = 1;
  account = new TestAccount({ port: proxy.port });
  await use(account);
});

it('a line with a long way', async () => {
  proxy.delay = 40;
  account = new TestAccount({ port: proxy.port });
  await use(account);
});

it('a session that is cut at every byte, and taken up again, is never told wrong', async () => {
  // Without the cut, to know how long it is.
  account = new TestAccount({ port: proxy.port });
  await account.source.open();
  await account.until(() => account?.rows().every(({ snippet }) => snippet !== null) ?? false, 'all words');
  await account.source.close();
  const length = proxy.towardsClient;
  expect(length).toBeGreaterThan(1000);
  for (let cut = 1; cut < length; cut += 1) {
    proxy.cutAfter = cut;
    const one = new TestAccount({ port: proxy.port });
    const opened = await one.source.open().then(
      () => true,
      () => false,
    );
    // What was told before the cut was true.
    if (one.unread !== null) expect(one.unread, `cut at ${cut}`).toBe(3);
    for (const row of one.rows()) expect(row.subject, `cut at ${cut}`).toBe(`m${row.uid}`);
    if (opened) expect(one.unread, `cut at ${cut}`).toBe(3);
    await one.source.close();
    proxy.cutAfter = Number.POSITIVE_INFINITY;
  }
  const one = new TestAccount({ port: proxy.port });
  await one.source.open();
  expect(one.unread).toBe(3);
  await one.close();
}, 60_000);

it('a line that freezes while nothing is asked is given up within four minutes', async () => {
  account = new TestAccount({ port: proxy.port });
  await account.source.open();
  await account.until(() => account?.rows().every(({ snippet }) => snippet !== null) ?? false, 'all words');
  let ended = '';
  void account.source.ended.then((code) => {
    ended = code;
  });
  await account.source.check();
  // A timer that is set from here on is one of ours to turn.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await account.reopen();
  void account.source.ended.then((code) => {
    ended = code;
  });
  ended = '';
  await vi.advanceTimersByTimeAsync(100);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  proxy.freeze();
  for (let second = 0; second < 239 && !ended; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(ended).toBe('timed-out');
});

it('a line that freezes is given up eight seconds after somebody asks', async () => {
  account = new TestAccount({ port: proxy.port });
  await account.source.open();
  await account.until(() => account?.rows().every(({ snippet }) => snippet !== null) ?? false, 'all words');
  proxy.freeze();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const checked = account.source.check().then(
    () => 'answered',
    (error: unknown) => String(error),
  );
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(8_000);
  expect(await checked).toContain('timed-out');
  expect(await account.source.ended).toBe('timed-out');
});
