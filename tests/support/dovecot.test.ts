import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testCertificates } from './certificates.ts';
import { Dovecot } from './dovecot.ts';
import { describeWith } from './requirements.ts';

describeWith('dovecot', 'a real Dovecot', () => {
  let dovecot: Dovecot;

  beforeAll(async () => {
    const { good } = await testCertificates();
    dovecot = await Dovecot.start({
      tls: good,
      users: { anna: 'pw-a', bert: 'pw-b', many: 'pw-m' },
    });
  });

  afterAll(async () => {
    await dovecot.close();
  });

  it('greets on its four ports, by TLS where it should', async () => {
    expect(await greeting(connectPlain({ host: '127.0.0.1', port: dovecot.ports.imap }))).toMatch(/^\* OK .*STARTTLS/);
    expect(await greeting(connectPlain({ host: '127.0.0.1', port: dovecot.ports.pop3 }))).toMatch(/^\+OK/);
    const { ca } = await testCertificates();
    const tls = (port: number): Socket => connectTls({ host: '127.0.0.1', port, ca });
    expect(await greeting(tls(dovecot.ports.imaps))).toMatch(/^\* OK/);
    expect(await greeting(tls(dovecot.ports.pop3s))).toMatch(/^\+OK/);
  });

  it('tells a waiting client of delivered mail and keeps users apart', async () => {
    const client = await dovecot.asClient('anna');
    await client.mailboxOpen('INBOX');
    const arrived = once(client, 'exists');
    void client.idle();
    dovecot.deliver('anna', 'Subject: one\r\n\r\nhello\r\n');
    const [event] = await arrived;
    expect(event.count).toBe(1);
    expect([...(await dovecot.flags('anna')).keys()]).toEqual([1]);
    expect((await dovecot.flags('bert')).size).toBe(0);
    await client.logout();
  });

  it('delivers with flags, date and folder, and tells what is seen and what is unread', async () => {
    const date = new Date('2020-02-03T04:05:06Z');
    dovecot.deliver('bert', 'Subject: a\r\n\r\n', { flags: ['\\Seen', '\\Flagged'], date });
    dovecot.deliver('bert', 'Subject: b\r\n\r\n');
    dovecot.deliver('bert', 'Subject: c\r\n\r\n', { flags: ['\\Deleted'] });
    dovecot.deliver('bert', 'Subject: d\r\n\r\n', { folder: 'Work/Grüße' });
    expect(await dovecot.seenUids('bert')).toEqual([1]);
    expect(await dovecot.unreadUids('bert')).toEqual([2]);
    expect((await dovecot.flags('bert')).get(1)).toEqual(expect.arrayContaining(['\\Seen', '\\Flagged']));
    expect(await dovecot.unreadUids('bert', 'Work/Grüße')).toEqual([1]);

    const client = await dovecot.asClient('bert');
    await client.mailboxOpen('INBOX');
    const message = await client.fetchOne('1', { internalDate: true }, { uid: true });
    expect(message && new Date(message.internalDate ?? 0).toISOString()).toBe(date.toISOString());
    await client.messageFlagsAdd('2', ['\\Seen'], { uid: true });
    expect(await dovecot.unreadUids('bert')).toEqual([]);
    await client.logout();
  });

  it('takes thousands of messages in order', async () => {
    dovecot.deliverMany('many', 5_000, (index) => ({
      raw: `Subject: number ${index}\r\n\r\nbody\r\n`,
      flags: index < 4_900 ? ['\\Seen'] : [],
    }));
    expect((await dovecot.unreadUids('many')).length).toBe(100);

    const client = await dovecot.asClient('many');
    await client.mailboxOpen('INBOX');
    const last = await client.fetchOne('*', { uid: true, envelope: true });
    expect(last).toMatchObject({ uid: 5_000, envelope: { subject: 'number 4999' } });
    await client.logout();
  });

  it('goes away and comes back on the same ports with the mail delivered meanwhile', async () => {
    const client = await dovecot.asClient('anna');
    const gone = once(client, 'close');
    await dovecot.stop();
    await gone;
    await expect(dovecot.asClient('anna')).rejects.toThrow();
    const before = dovecot.ports.imap;
    dovecot.deliver('anna', 'Subject: meanwhile\r\n\r\n');
    await dovecot.start();
    expect(dovecot.ports.imap).toBe(before);
    expect((await dovecot.unreadUids('anna')).length).toBe(2);
    await (await dovecot.asClient('anna')).logout();
  });

  it('takes a new password and does not slow down after a wrong one', async () => {
    await dovecot.setPassword('anna', 'other');
    await (await dovecot.asClient('anna')).logout();
    const times: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      const began = performance.now();
      expect(await loginAnswer(dovecot.ports.imap, 'anna', 'pw-a')).toMatch(/^1 NO \[AUTHENTICATIONFAILED\]/);
      times.push(performance.now() - began);
    }
    // Left to itself it takes twice as long each time.
    const [first = 0] = times;
    expect(times.at(-1)).toBeLessThan(4 * first);
  });

  it('leaves nothing behind, and can pretend to be another server', async () => {
    const plain = await Dovecot.start({ tls: null, capability: 'IMAP4rev1 IDLE' });
    const socket = connectPlain({ host: '127.0.0.1', port: plain.ports.imap });
    const hello = await greeting(socket);
    expect(hello).toContain('IMAP4rev1 IDLE');
    expect(hello).not.toContain('STARTTLS');
    const client = await plain.asClient('anna');
    expect([...client.capabilities.keys()].sort()).toEqual(['IDLE', 'IMAP4rev1']);
    await plain.close();
    await expect(greeting(connectPlain({ host: '127.0.0.1', port: plain.ports.imap }))).rejects.toThrow();
  });
});

async function greeting(socket: Socket): Promise<string> {
  try {
    const [data] = await once(socket, 'data');
    return String(data);
  } finally {
    socket.destroy();
  }
}

async function loginAnswer(port: number, user: string, password: string): Promise<string> {
  const socket = connectPlain({ host: '127.0.0.1', port });
  try {
    await once(socket, 'data');
    socket.write(`1 LOGIN ${user} ${password}\r\n`);
    const [answer] = await once(socket, 'data');
    return String(answer);
  } finally {
    socket.destroy();
  }
}
