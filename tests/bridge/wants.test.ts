/** Messages, files and searches: a browser's questions on one side, a real socket's IMAP on the other. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account, SearchQuery } from '../../src/model.ts';
import { PART_WINDOW } from '../../src/protocol.ts';
import { composeMessage } from '../support/mail-server/compose-message.ts';
import { Faults } from '../support/mail-server/faults.ts';
import { type MailServer, startMailServer } from '../support/mail-server/mail-server.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { startTestBridge, type TestBridge } from '../support/test-bridge.ts';
import type { TestClient } from '../support/test-client.ts';

let directory: TemporaryDirectory;
let mail: MailServer;
let running: TestBridge;
let client: TestClient;

beforeEach(async () => {
  directory = temporaryDirectory('wants');
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: 'pw' }],
    security: 'none',
    faults: new Faults(),
  });
  running = await startTestBridge(directory.path);
  ({ client } = await running.pair());
});

afterEach(async () => {
  await client.close();
  await running.stop();
  await mail.close();
  directory.remove();
});

const inbox = () => mail.store.account('anna').inbox;
const ANN = { name: 'Änn Müller', address: 'ann@example.test' };

function deliver(text: string, rest: Partial<Parameters<typeof composeMessage>[0]> = {}): number {
  const to = { name: '', address: 'anna@example.test' };
  const messageId = `${randomUUID()}@example.test`;
  return inbox().deliver(composeMessage({ from: ANN, to, subject: 'Hello', messageId, text, ...rest })).uid;
}

async function addAccount(change: Partial<Account> = {}): Promise<void> {
  const account: Account = {
    id: 'a',
    protocol: 'imap',
    name: 'Work',
    address: 'anna@example.test',
    user: 'anna',
    server: { host: '127.0.0.1', port: mail.port, security: 'none' },
    ...change,
  };
  client.send({ type: 'operate', id: randomUUID(), operation: { kind: 'put-account', account } });
  client.send({ type: 'set-secret', account: account.id, secret: 'pw' });
  await client.until(({ statuses }) => statuses.get(account.id)?.state === 'fresh', 'a fresh account');
}

const refTo = (uid: number) => ({ account: 'a', folder: 'INBOX', uidValidity: inbox().uidValidity, uid });

async function read(uid: number, change: Partial<ReturnType<typeof refTo>> = {}) {
  const id = randomUUID();
  client.send({ type: 'read-message', id, ...refTo(uid), ...change });
  const { code } = await client.answered(id);
  return { id, code };
}

describe('a message', () => {
  it('is read on request: its text, its page, its files, and not a byte of these', async () => {
    const uid = deliver('Grüße\nfrom here', {
      html: '<p>Grüße <a href="https://example.org/">from here</a></p>',
      attachments: [{ name: 'Rechnung März.pdf', type: 'application/pdf', content: Buffer.alloc(300_000, 7) }],
    });
    await addAccount();
    mail.transcript.clear();
    const { id, code } = await read(uid);
    expect(code).toBeNull();
    const content = client.content(id);
    expect(content.text).toBe('Grüße\nfrom here');
    expect(content.html).toContain('<a href="https://example.org/">');
    expect(content.from).toEqual({ ...ANN, misleading: false });
    expect(content.attachments).toMatchObject([{ name: 'Rechnung März.pdf', type: 'application/pdf', part: '2' }]);
    expect(content.attachments[0]?.size).toBeGreaterThan(290_000);
    expect(content.attachments[0]?.size).toBeLessThan(310_000);
    const fetched = mail.transcript.commands('UID FETCH').filter((text) => text.includes('PEEK[2'));
    expect(fetched).toEqual([]);
    expect(inbox().message(uid)?.flags.has('\\Seen')).toBe(false);
  });

  it('of more text than a frame holds comes whole', async () => {
    const text = Array.from({ length: 20_000 }, (_, at) => `Line ${at}: \u4e2d\u6587 "quoted" \\ backslash`).join('\n');
    const uid = deliver(text);
    await addAccount();
    const { id, code } = await read(uid);
    expect(code).toBeNull();
    expect(client.content(id).text).toBe(text);
  });

  it('that a server marks as seen when it is only looked at is unseen again', async () => {
    const uid = deliver('Hello');
    await addAccount();
    // A server that takes no notice of PEEK.
    const watch = setInterval(() => {
      if (mail.transcript.commands('UID FETCH').some((text) => /PEEK\[1\]<0\.262144>/.test(text))) {
        inbox().setFlags(uid, 'add', ['\\Seen']);
        clearInterval(watch);
      }
    }, 1);
    const { code } = await read(uid);
    expect(code).toBeNull();
    await client.unread('a', 1);
    expect(inbox().message(uid)?.flags.has('\\Seen')).toBe(false);
  });

  it('that is gone, or that another mailbox had, is said to be', async () => {
    const uid = deliver('Hello');
    await addAccount();
    expect((await read(uid + 5)).code).toBe('message-gone');
    expect((await read(uid, { uidValidity: 1 })).code).toBe('mailbox-changed');
    expect((await read(uid, { folder: 'Nowhere' })).code).toBe('folder-missing');
    expect((await read(uid, { account: 'other' })).code).toBe('account-unknown');
  });

  it('that nobody waits for any more is answered as canceled, and the line serves others', async () => {
    const uid = deliver('Hello');
    await addAccount();
    const off = mail.faults.when(/UID FETCH .*BODYSTRUCTURE/, { do: 'delay', milliseconds: 500 });
    const id = randomUUID();
    client.send({ type: 'read-message', id, ...refTo(uid) }, { type: 'cancel', id });
    expect((await client.answered(id)).code).toBe('canceled');
    off();
    expect((await read(uid)).code).toBeNull();
  });

  it('is asked for no more than so many at once', async () => {
    const uid = deliver('Hello');
    await addAccount();
    mail.faults.when(/UID FETCH .*Reply-To/, { do: 'delay', milliseconds: 300 }, { times: 3 });
    const ids = Array.from({ length: 17 }, () => randomUUID());
    client.send(...ids.map((id) => ({ type: 'read-message' as const, id, ...refTo(uid) })));
    expect((await client.answered(ids[16] ?? '')).code).toBe('too-many');
    for (const id of ids.slice(0, 16)) expect((await client.answered(id)).code).toBeNull();
  });
});

describe('a file', () => {
  const content = Buffer.from(Array.from({ length: 1_000_003 }, (_, at) => (at * 7919) % 251));

  async function withFile(): Promise<number> {
    const uid = deliver('See the file', {
      attachments: [{ name: 'a.bin', type: 'application/octet-stream', content }],
    });
    await addAccount();
    return uid;
  }

  it('comes piece by piece, never further ahead than it is taken, and byte for byte', async () => {
    const uid = await withFile();
    const id = randomUUID();
    client.send({ type: 'read-part', id, ...refTo(uid), part: '2' });
    await client.until((one) => one.bytes(id).length >= PART_WINDOW - 64 * 1024, 'the first window');
    const watch = setInterval(() => {
      const { length } = client.bytes(id);
      ahead.push(length - taken);
      taken = length;
      client.send({ type: 'taken', id, bytes: length });
    }, 5);
    const ahead: number[] = [];
    let taken = 0;
    expect((await client.answered(id)).code).toBeNull();
    clearInterval(watch);
    expect(client.bytes(id).equals(content)).toBe(true);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(PART_WINDOW);
    expect(inbox().message(uid)?.flags.has('\\Seen')).toBe(false);
  });

  it('that is not taken stops, and canceled it ends', async () => {
    const uid = await withFile();
    const id = randomUUID();
    client.send({ type: 'read-part', id, ...refTo(uid), part: '2' });
    await client.until((one) => one.bytes(id).length >= PART_WINDOW - 64 * 1024, 'the first window');
    // New mail is heard of all the same.
    deliver('Meanwhile');
    await client.unread('a', 2);
    expect(client.bytes(id).length).toBeLessThanOrEqual(PART_WINDOW);
    client.send({ type: 'cancel', id });
    expect((await client.answered(id)).code).toBe('canceled');
  });

  it('that the message does not have is said to be gone', async () => {
    const uid = await withFile();
    const id = randomUUID();
    client.send({ type: 'read-part', id, ...refTo(uid), part: '7.1' });
    expect((await client.answered(id)).code).toBe('message-gone');
  });
});

describe('a search', () => {
  async function search(query: SearchQuery, account: string | null = 'a') {
    const id = randomUUID();
    client.send({ type: 'search', id, account, query });
    const { code } = await client.answered(id);
    return { code, subjects: client.found(id).map(({ subject }) => subject) };
  }

  it('finds on the server, newest first, as ordinary rows', async () => {
    deliver('needle in the text', { subject: 'First' });
    deliver('nothing', { subject: 'Second' });
    deliver('a Needle again', { subject: 'Third' });
    const seen = deliver('nothing', { subject: 'Fourth', from: { name: 'Bo', address: 'bo@example.test' } });
    inbox().setFlags(seen, 'add', ['\\Seen']);
    await addAccount();
    expect(await search({ text: 'needle' })).toEqual({ code: null, subjects: ['Third', 'First'] });
    expect(await search({ from: 'bo@' })).toEqual({ code: null, subjects: ['Fourth'] });
    expect(await search({ subject: 'second' })).toEqual({ code: null, subjects: ['Second'] });
    expect(await search({ unread: true })).toEqual({ code: null, subjects: ['Third', 'Second', 'First'] });
    expect(await search({ from: 'ann', text: 'again', unread: true })).toEqual({ code: null, subjects: ['Third'] });
    expect(await search({ since: Date.now() + 48 * 3600_000 })).toEqual({ code: null, subjects: [] });
    expect(client.events.filter((event) => event.type === 'delta' && event.gone.length > 0)).toEqual([]);
  });

  it('of words in any script, and of words that look like commands', async () => {
    inbox().deliver(
      'Subject: Umlaute\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSchöne Grüße aus 東京\r\n',
    );
    await addAccount();
    expect((await search({ text: 'Grüße' })).subjects).toEqual(['Umlaute']);
    expect((await search({ text: '東京' })).subjects).toEqual(['Umlaute']);
    for (const text of ['"', '\\', 'x" UID STORE 1 +FLAGS (\\Deleted)', '{3+}', '\u2028', '*', '(', 'NIL'])
      expect(await search({ text }), text).toEqual({ code: null, subjects: [] });
    for (const text of ['a\r\nA1 DELETE INBOX', 'a\0b']) expect((await search({ text })).subjects, text).toEqual([]);
    expect(mail.transcript.commands('DELETE')).toEqual([]);
    expect(inbox().message(1)?.flags.has('\\Deleted')).toBe(false);
  });

  it('looks in every folder that counts, or in one; all accounts are asked, and one that fails takes nothing away', async () => {
    mail.store.account('anna').createFolder('Lists');
    deliver('needle', { subject: 'In the inbox' });
    mail.store.account('anna').folder('Lists').deliver('Subject: In a list\r\n\r\nneedle\r\n');
    await addAccount({ folders: ['INBOX', 'Lists'] });
    expect((await search({ text: 'needle' }, null)).subjects).toEqual(['In the inbox', 'In a list']);
    expect((await search({ text: 'needle', folder: 'Lists' })).subjects).toEqual(['In a list']);
    client.send({
      type: 'operate',
      id: randomUUID(),
      operation: {
        kind: 'put-account',
        account: {
          id: 'b',
          protocol: 'imap',
          name: 'Other',
          address: '',
          user: 'nobody',
          server: { host: '127.0.0.1', port: mail.port, security: 'none' },
        },
      },
    });
    client.send({ type: 'set-secret', account: 'b', secret: 'wrong' });
    await client.until(({ statuses }) => statuses.get('b')?.code === 'wrong-password');
    const both = await search({ text: 'needle' }, null);
    expect(both.subjects).toEqual(['In the inbox', 'In a list']);
    expect(both.code).toBe('wrong-password');
  }, 30_000);
});
