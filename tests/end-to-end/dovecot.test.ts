/** The built bridge with a real Dovecot, real TLS and a second client. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Account, ErrorCode, Security } from '../../src/model.ts';
import { BridgeProcess } from '../support/bridge-process.ts';
import { testCertificates } from '../support/certificates.ts';
import { Dovecot } from '../support/dovecot.ts';
import { Faults } from '../support/mail-server/faults.ts';
import { startMailServer } from '../support/mail-server/mail-server.ts';
import { describeWith } from '../support/requirements.ts';
import { TestClient } from '../support/test-client.ts';

const USERS = { anna: 'pw-anna', many: 'pw-many', busy: 'pw-busy' };

describeWith('dovecot', 'the bridge and Dovecot', () => {
  let dovecot: Dovecot;
  let bridge: BridgeProcess;
  let client: TestClient;

  beforeAll(async () => {
    const { ca, good } = await testCertificates();
    dovecot = await Dovecot.start({ tls: good, users: USERS });
    bridge = await BridgeProcess.start({ ca });
    ({ client } = await TestClient.pair(await bridge.pair(), [{ type: 'resume', mailboxes: [] }]));
  });

  afterAll(async () => {
    await client?.close();
    await bridge?.close();
    await dovecot?.close();
  });

  const account = (id: string, user: string, security: Security): Account => ({
    id,
    protocol: 'imap',
    name: id,
    address: `${user}@example.test`,
    user,
    server: { host: '127.0.0.1', port: security === 'tls' ? dovecot.ports.imaps : dovecot.ports.imap, security },
  });

  async function add(one: Account, secret: string): Promise<void> {
    const id = randomUUID();
    client.send({ type: 'operate', id, operation: { kind: 'put-account', account: one } });
    client.send({ type: 'set-secret', account: one.id, secret });
    expect((await client.settled(id)).code).toBeNull();
  }

  async function test(one: Account, secret: string): Promise<ErrorCode | null> {
    const id = randomUUID();
    client.send({ type: 'test-account', id, account: one, secret });
    return (await client.answered(id)).code;
  }

  const raw = (subject: string) =>
    `From: Bo <bo@example.test>\r\nSubject: ${subject}\r\nMessage-ID: <${randomUUID()}@example.test>\r\n\r\nHello\r\n`;

  it.each<Security>(['tls', 'starttls'])('sign in by %s, and see what a second client does', async (security) => {
    const id = `anna-${security}`;
    dovecot.deliver('anna', raw(`By ${security}`));
    const before = (await dovecot.unreadUids('anna')).length;
    await add(account(id, 'anna', security), USERS.anna);
    await client.unread(id, before);

    const subject = `New by ${security}`;
    dovecot.deliver('anna', raw(subject));
    await client.unread(id, before + 1);
    const row = await client.until(({ rows }) =>
      [...rows.values()].find((one) => one.account === id && one.subject === subject),
    );

    const other = await dovecot.asClient('anna');
    await other.mailboxOpen('INBOX');
    await other.messageFlagsAdd(`${row.uid}`, ['\\Seen', '\\Flagged'], { uid: true });
    await client.unread(id, before);
    await client.until(({ rows }) => rows.get(`${id} ${row.uid}`)?.flagged);
    expect(client.rows.get(`${id} ${row.uid}`)?.seen).toBe(true);

    await other.messageDelete(`${row.uid}`, { uid: true });
    await client.until(({ rows }) => !rows.has(`${id} ${row.uid}`));
    await other.logout();
  });

  it('5,000 messages: counted to the last one, the newest listed', async () => {
    dovecot.deliverMany('many', 5000, (n) => ({ raw: raw(`Message ${n}`), flags: n % 2 === 0 ? ['\\Seen'] : [] }));
    const unread = await dovecot.unreadUids('many');
    expect(unread).toHaveLength(2500);
    await add(account('many', 'many', 'tls'), USERS.many);
    await client.unread('many', 2500);
    await client.until(({ rows }) => [...rows.values()].filter((row) => row.account === 'many').length === 1100);
    client.send({
      type: 'operate',
      id: 'all-read',
      operation: {
        kind: 'seen',
        account: 'many',
        folder: 'INBOX',
        uidValidity: uidValidityOf('many'),
        target: { upTo: 5000 },
      },
    });
    expect((await client.settled('all-read')).code).toBeNull();
    await client.unread('many', 0);
    expect(await dovecot.unreadUids('many')).toEqual([]);
  });

  function uidValidityOf(id: string): number {
    return [...client.rows.values()].find((row) => row.account === id)?.uidValidity ?? 0;
  }

  it('looking changes nothing: no message is \\Seen that nobody marked', async () => {
    for (let n = 0; n < 20; n++) dovecot.deliver('busy', raw(`Unread ${n}`));
    await add(account('busy', 'busy', 'tls'), USERS.busy);
    await client.unread('busy', 20);
    await client.until(({ rows }) => [...rows.values()].filter((row) => row.account === 'busy').length === 20);
    expect(await dovecot.seenUids('busy')).toEqual([]);
  });

  it('a wrong password is told apart from everything else', async () => {
    expect(await test(account('test', 'anna', 'tls'), 'wrong')).toBe('wrong-password');
    expect(await test(account('test', 'anna', 'tls'), USERS.anna)).toBeNull();
  });

  it.each<['expired' | 'selfSigned' | 'wrongName', ErrorCode]>([
    ['expired', 'tls-expired'],
    ['selfSigned', 'tls-self-signed'],
    ['wrongName', 'tls-wrong-name'],
  ])('a certificate that is %s is refused before anything is said, by TLS and by STARTTLS', async (kind, code) => {
    const tls = (await testCertificates())[kind];
    for (const security of ['tls', 'starttls'] as const) {
      const server = await startMailServer({
        accounts: [{ user: 'anna', password: 'x' }],
        security,
        tls,
        faults: new Faults(),
      });
      const settings = {
        ...account('test', 'anna', security),
        server: { host: '127.0.0.1', port: server.port, security },
      };
      expect(await test(settings, 'x'), security).toBe(code);
      expect(server.transcript.entries.filter(({ command }) => /LOGIN|AUTHENTICATE/.test(command))).toEqual([]);
      await server.close();
    }
  });

  it('Dovecot goes away and comes back: the number stays, marked as old, and is right again by itself', async () => {
    const unread = (await dovecot.unreadUids('anna')).length;
    await dovecot.stop();
    const old = await client.until(({ statuses }) => {
      const status = statuses.get('anna-tls');
      return status?.state === 'old' ? status : null;
    });
    expect(old.unread).toBe(unread);
    dovecot.deliver('anna', raw('While away'));
    await dovecot.start();
    await client.unread('anna-tls', unread + 1);
  });

  it('nothing private is in the log of the bridge', () => {
    const log = JSON.stringify(bridge.lines);
    for (const canary of [...Object.values(USERS), 'example.test', 'Message ', '127.0.0.1', 'anna@'])
      expect(log).not.toContain(canary);
  });
});
