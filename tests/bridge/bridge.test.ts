/** The bridge with a real browser's protocol on one side and a real socket's IMAP on the other. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account, ErrorCode, MarkKind } from '../../src/model.ts';
import { testCertificates } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { Faults } from '../support/mail-server/faults.ts';
import { type MailServer, startMailServer } from '../support/mail-server/mail-server.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';
import { type Identity, TestClient } from '../support/test-client.ts';

const PASSWORD = 'canary-password-7319';

let directory: TemporaryDirectory;
let mail: MailServer;
let running: TestBridge;
let client: TestClient;
let identity: Identity;

beforeEach(async () => {
  directory = temporaryDirectory('bridge');
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: PASSWORD }],
    security: 'none',
    faults: new Faults(),
  });
  running = await startTestBridge(directory.path);
  ({ client, identity } = await running.pair());
});

afterEach(async () => {
  await client.close();
  await running.stop();
  await mail.close();
  directory.remove();
});

const account = (change: Partial<Account> = {}): Account => ({
  id: 'account-1',
  protocol: 'imap',
  name: 'Work',
  address: 'canary-address@example.test',
  user: 'anna',
  server: { host: '127.0.0.1', port: mail.port, security: 'none' },
  ...change,
});

const inbox = () => mail.store.account('anna').inbox;
const deliver = (subject: string, flags: string[] = []) =>
  inbox().deliver(
    `From: Bo <bo@example.test>\r\nSubject: ${subject}\r\nMessage-ID: <${randomUUID()}@example.test>\r\n\r\nHello\r\n`,
    { flags },
  );

async function addAccount(change: Partial<Account> = {}): Promise<void> {
  const id = randomUUID();
  client.send({ type: 'operate', id, operation: { kind: 'put-account', account: account(change) } });
  client.send({ type: 'set-secret', account: account(change).id, secret: PASSWORD });
  expect((await client.settled(id)).code).toBeNull();
}

async function operate(
  kind: MarkKind,
  target: { uids: number[] } | { upTo: number },
  uidValidity = inbox().uidValidity,
) {
  const id = randomUUID();
  client.send({ type: 'operate', id, operation: { kind, account: 'account-1', folder: 'INBOX', uidValidity, target } });
  return (await client.settled(id)).code;
}

describe('an account', () => {
  it('is read, counted and followed: new mail, flags and removals by other clients', async () => {
    deliver('First');
    deliver('Read already', ['\\Seen']);
    deliver('Gone soon', ['\\Deleted']);
    await addAccount();
    await client.unread('account-1', 1);
    await client.until(({ rows }) => rows.size === 2, 'two rows');
    expect([...client.rows.values()].map((row) => [row.subject, row.seen, row.from?.address])).toEqual([
      ['First', false, 'bo@example.test'],
      ['Read already', true, 'bo@example.test'],
    ]);

    const { uid } = deliver('Second');
    await client.unread('account-1', 2);
    expect(client.rows.get(`account-1 ${uid}`)?.subject).toBe('Second');

    inbox().setFlags(uid, 'add', ['\\Seen', '\\Flagged']);
    await client.unread('account-1', 1);
    expect(client.rows.get(`account-1 ${uid}`)).toMatchObject({ seen: true, flagged: true });

    inbox().remove(1);
    await client.unread('account-1', 0);
    expect(client.rows.has('account-1 1')).toBe(false);
  });

  it('counts every unseen message, with rows for the newest 200 and the unseen ones up to 1,000', async () => {
    for (let n = 1; n <= 1500; n++) deliver(`Message ${n}`, n <= 1100 ? [] : ['\\Seen']);
    await addAccount();
    await client.unread('account-1', 1100);
    await client.until(({ rows }) => rows.size === 1200, '1,200 rows');
    const uids = [...client.rows.values()].map((row) => row.uid);
    expect(Math.min(...uids)).toBe(101);
    expect(uids.filter((uid) => uid > 1300)).toHaveLength(200);
  });

  it('comes back by itself when the mail server goes away and comes back; the number stays, marked as old', async () => {
    deliver('First');
    await addAccount();
    await client.unread('account-1', 1);
    await mail.stop();
    const old = await client.until(({ statuses }) => {
      const status = statuses.get('account-1');
      return status?.state === 'old' && status.code === 'connection-refused' ? status : null;
    });
    expect(old.unread).toBe(1);
    deliver('While away');
    await mail.start();
    client.send({ type: 'check' });
    await client.unread('account-1', 2);
  });

  it('is kept over a restart of the bridge, password and all', async () => {
    deliver('First');
    await addAccount();
    await client.unread('account-1', 1);
    await client.close();
    await running.stop();
    running = await startTestBridge(directory.path, identity.port);
    client = TestClient.connect(identity);
    await client.unread('account-1', 1);
  });

  it('goes with everything that belongs to it', async () => {
    await addAccount();
    await client.unread('account-1', 0);
    client.send({ type: 'operate', id: 'remove', operation: { kind: 'remove-account', account: 'account-1' } });
    await client.settled('remove');
    expect(client.events.findLast((event) => event.type === 'accounts')).toMatchObject({ accounts: [] });
    await expect.poll(() => mail.connections, { timeout: 3000 }).toBe(0);
  });

  it('whose server is changed needs its password again: it is never sent elsewhere', async () => {
    await addAccount();
    await client.unread('account-1', 0);
    const other = await startMailServer({ accounts: [{ user: 'anna', password: PASSWORD }], security: 'none' });
    try {
      const moved = account({ server: { host: '127.0.0.1', port: other.port, security: 'none' } });
      client.send({ type: 'operate', id: 'move', operation: { kind: 'put-account', account: moved } });
      await client.settled('move');
      await client.until(({ statuses }) => statuses.get('account-1')?.code === 'password-missing');
      expect(other.transcript.entries.filter((entry) => /LOGIN|AUTHENTICATE/.test(entry.command))).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('an operation', () => {
  beforeEach(async () => {
    for (let n = 1; n <= 5; n++) deliver(`Message ${n}`);
    await addAccount();
    await client.unread('account-1', 5);
  });

  it('marks on the server and comes back as the state there', async () => {
    expect(await operate('seen', { uids: [2, 3] })).toBeNull();
    await client.unread('account-1', 3);
    expect(inbox().message(2)?.flags.has('\\Seen')).toBe(true);
    expect(await operate('unseen', { uids: [2] })).toBeNull();
    await client.unread('account-1', 4);
    expect(inbox().message(2)?.flags.has('\\Seen')).toBe(false);
  });

  it('"mark all read" reaches what was there, and nothing that came later', async () => {
    const { uid } = deliver('Later');
    await client.unread('account-1', 6);
    expect(await operate('seen', { upTo: uid - 1 })).toBeNull();
    await client.unread('account-1', 1);
    expect(inbox().message(uid)?.flags.has('\\Seen')).toBe(false);
  });

  it('sent twice is done once', async () => {
    const command = {
      type: 'operate' as const,
      id: 'twice',
      operation: {
        kind: 'seen' as const,
        account: 'account-1',
        folder: 'INBOX',
        uidValidity: inbox().uidValidity,
        target: { uids: [1] },
      },
    };
    client.send(command);
    await client.settled('twice');
    inbox().setFlags(1, 'remove', ['\\Seen']);
    await client.unread('account-1', 5);
    const before = client.events.filter((event) => event.type === 'settled').length;
    client.send(command);
    await client.until(({ events }) => events.filter((event) => event.type === 'settled').length > before);
    expect(inbox().message(1)?.flags.has('\\Seen')).toBe(false);
  });

  it('stars, and takes the star away', async () => {
    expect(await operate('star', { uids: [1] })).toBeNull();
    expect(inbox().message(1)?.flags.has('\\Flagged')).toBe(true);
    await client.until(({ rows }) => rows.get('account-1 1')?.flagged, 'a starred row');
    expect(await operate('unstar', { uids: [1] })).toBeNull();
    expect(inbox().message(1)?.flags.has('\\Flagged')).toBe(false);
  });

  it('with the UIDVALIDITY of another mailbox is refused', async () => {
    expect(await operate('seen', { uids: [1] }, inbox().uidValidity + 1)).toBe('mailbox-changed');
    expect(inbox().message(1)?.flags.has('\\Seen')).toBe(false);
  });

  it('that makes no sense, or is for an account that is not there, ends in a code', async () => {
    // Only "read" goes up to a message: anything else would need to know which ones are meant.
    expect(await operate('star', { upTo: 3 })).toBe('bad-input');
    expect(inbox().message(1)?.flags.has('\\Flagged')).toBe(false);
    const operation = {
      kind: 'seen' as const,
      account: 'gone',
      folder: 'INBOX',
      uidValidity: 1,
      target: { uids: [1] },
    };
    client.send({ type: 'operate', id: 'gone', operation });
    expect((await client.settled('gone')).code).toBe('account-unknown');
  });

  it('that the server refuses ends in a code', async () => {
    mail.faults.when('UID STORE', { do: 'answer', status: 'NO [NOPERM] read only' });
    expect(await operate('seen', { uids: [1] })).toBe('server-refused');
  });

  it('waits for the mail server to come back', async () => {
    await mail.stop();
    await client.until(({ statuses }) => statuses.get('account-1')?.state === 'old');
    const done = operate('seen', { uids: [1] });
    await mail.start();
    client.send({ type: 'check' });
    expect(await done).toBeNull();
    expect(inbox().message(1)?.flags.has('\\Seen')).toBe(true);
  });

  it.each(['UID STORE', 'UID FETCH'])('whose line is cut at %s is done on the next line', async (match) => {
    mail.faults.when(match, { do: 'cut' }, { nth: 1 });
    const done = operate('seen', { uids: [1] });
    await client.until(({ statuses }) => statuses.get('account-1')?.state === 'old');
    client.send({ type: 'check' });
    expect(await done).toBeNull();
    expect(inbox().message(1)?.flags.has('\\Seen')).toBe(true);
  });
});

describe('a test of settings', () => {
  async function test(change: Partial<Account>, secret: string | null = PASSWORD): Promise<ErrorCode | null> {
    const id = randomUUID();
    client.send({ type: 'test-account', id, account: account(change), secret });
    return (await client.answered(id)).code;
  }

  it('tells each step and changes nothing; no encryption is claimed where there is none', async () => {
    expect(await test({})).toBeNull();
    const steps = client.events.flatMap((event) => (event.type === 'progress' ? [event.step] : []));
    expect(steps).toEqual(['found', 'connected', 'signed-in', 'read']);
    expect(client.statuses.size).toBe(0);
  });

  it.each<[string, ErrorCode, () => Partial<Account>, (() => void)?]>([
    [
      'an unknown host',
      'host-not-found',
      () => ({ server: { host: 'no-such-host.invalid', port: 993, security: 'tls' } }),
    ],
    ['a closed port', 'connection-refused', () => ({ server: { host: '127.0.0.1', port: 9, security: 'none' } })],
    [
      'plaintext beyond this computer',
      'plaintext-refused',
      () => ({ server: { host: '192.0.2.1', port: 143, security: 'none' } }),
    ],
    ['a port of another service', 'port-refused', () => ({ server: { host: '127.0.0.1', port: 22, security: 'tls' } })],
    ['TLS on a plain port', 'tls-failed', () => ({ server: { host: '127.0.0.1', port: mail.port, security: 'tls' } })],
    [
      'STARTTLS that is not offered',
      'starttls-missing',
      () => ({ server: { host: '127.0.0.1', port: mail.port, security: 'starttls' } }),
    ],
    [
      'a POP3 greeting',
      'not-a-mail-server',
      () => ({}),
      () => {
        mail.faults.greeting = 'pop3';
      },
    ],
    [
      'a web server',
      'not-a-mail-server',
      () => ({}),
      () => {
        mail.faults.greeting = 'http';
      },
    ],
    [
      'rubbish for a greeting',
      'not-a-mail-server',
      () => ({}),
      () => {
        mail.faults.greeting = 'garbage';
      },
    ],
    [
      'too many connections',
      'server-busy',
      () => ({}),
      () => {
        mail.faults.greeting = 'bye';
      },
    ],
    [
      'a server that has no time',
      'server-busy',
      () => ({}),
      () => {
        mail.faults.signInAnswer = 'NO [UNAVAILABLE] Try again later';
      },
    ],
  ])('%s: %s', async (_, code, change, prepare) => {
    prepare?.();
    if (code === 'connection-refused') {
      const port = mail.port;
      await mail.stop();
      expect(await test({ server: { host: '127.0.0.1', port, security: 'none' } })).toBe(code);
      return;
    }
    expect(await test(change())).toBe(code);
  });

  it('a server that takes the connection and never greets: server-silent', async () => {
    mail.faults.greeting = 'never';
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      client.send({ type: 'test-account', id: 'w', account: account(), secret: PASSWORD });
      await eventually(() => client.events.some((event) => event.type === 'progress' && event.step === 'connected'));
      const answer = () => client.events.find((event) => event.type === 'answered');
      await vi.advanceTimersByTimeAsync(14_900);
      expect(answer()).toBeUndefined();
      await vi.advanceTimersByTimeAsync(100);
      await eventually(answer);
      expect(answer()).toMatchObject({ code: 'server-silent' });
    } finally {
      vi.useRealTimers();
    }
    expect(client.events.flatMap((event) => (event.type === 'progress' ? [event.step] : []))).toEqual([
      'found',
      'connected',
    ]);
  });

  it('a server whose certificate nobody here vouches for: tls-untrusted', async () => {
    const { good } = await testCertificates();
    const other = await startMailServer({ accounts: [], security: 'tls', tls: good });
    try {
      expect(await test({ server: { host: '127.0.0.1', port: other.port, security: 'tls' } })).toBe('tls-untrusted');
      expect(other.transcript.entries.filter(({ command }) => /LOGIN|AUTHENTICATE/.test(command))).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('a server whose mailboxes have no identity: server-nonsense', async () => {
    const nonsense = '* 1 EXISTS\r\n* OK [UIDVALIDITY 0] none\r\n{tag} OK [READ-WRITE] done\r\n';
    mail.faults.when('SELECT', { do: 'send', bytes: nonsense });
    mail.faults.when('EXAMINE', { do: 'send', bytes: nonsense });
    expect(await test({})).toBe('server-nonsense');
  });

  it('an account of a kind that this bridge does not know is no account', async () => {
    // What cannot be right is refused before it is carried out, and costs the line.
    client.session.send([
      { type: 'test-account', id: 'w', account: { ...account(), server: null }, secret: 'x' } as never,
    ]);
    expect((await client.session.ended).code).toBe('link-broken');
  });

  it('a wrong password: once, and no second try', async () => {
    expect(await test({}, 'wrong')).toBe('wrong-password');
    expect(await test({}, null)).toBe('password-missing');
    await addAccount();
    await client.unread('account-1', 0);
    mail.store.account('anna').password = 'changed elsewhere';
    mail.cut();
    await client.until(({ statuses }) => statuses.get('account-1')?.code === 'wrong-password');
    expect(client.statuses.get('account-1')).toMatchObject({ state: 'needs-you', unread: 0, retryAt: null });
  });
});

describe('hostile input', () => {
  it('a message with no From, no Date and 8-bit rubbish in its subject is a row like any other', async () => {
    const raw = Buffer.concat([
      Buffer.from('Subject: caf'),
      Buffer.from([0xe9, 0x00, 0x80]),
      Buffer.from('\r\n\r\nx\r\n'),
    ]);
    inbox().deliver(raw);
    await addAccount();
    await client.unread('account-1', 1);
    const row = await client.until(({ rows }) => [...rows.values()][0], 'a row');
    expect(row?.from).toBeNull();
    expect(row?.subject).toMatch(/^café/);
    expect(row?.date).toBeGreaterThan(0);
  });

  it('a message with megabytes of recipients or of subject does not shut the account', async () => {
    inbox().deliver(`From: a@example.test\r\nTo: ${'x@example.test, '.repeat(150_000)}y@example.test\r\n\r\nx\r\n`);
    inbox().deliver(`From: a@example.test\r\nSubject: ${'long '.repeat(400_000)}\r\n\r\nx\r\n`);
    deliver('ordinary');
    await addAccount();
    await client.unread('account-1', 3);
    await client.until(({ rows }) => rows.size === 3, 'three rows');
    expect([...client.rows.values()].map(({ subject }) => subject.length)).toEqual([0, 1000, 8]);
  });

  it('one account that fails leaves the other alone', async () => {
    await addAccount();
    await client.unread('account-1', 0);
    client.send({
      type: 'operate',
      id: 'bad',
      operation: { kind: 'put-account', account: account({ id: 'account-2', user: 'nobody' }) },
    });
    client.send({ type: 'set-secret', account: 'account-2', secret: 'x' });
    await client.until(({ statuses }) => statuses.get('account-2')?.code === 'wrong-password');
    deliver('Still here');
    await client.unread('account-1', 1);
  });
});

it('nothing private is in the log or in a readable file', async () => {
  deliver('canary-subject');
  await addAccount();
  await client.unread('account-1', 1);
  mail.cut();
  await client.until(({ statuses }) => statuses.get('account-1')?.state === 'old');
  const log = running.lines.join('');
  expect(log).toContain('account-waits');
  for (const canary of [PASSWORD, 'canary-address', 'canary-subject', 'anna', '127.0.0.1'])
    expect(log).not.toContain(canary);
  for (const name of readdirSync(directory.path))
    expect(readFileSync(path.join(directory.path, name), 'latin1')).not.toContain(PASSWORD);
});
