import { once } from 'node:events';
import { connect } from 'node:net';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestCertificates, testCertificates } from './certificates.ts';
import { CAPABILITIES, type MailServer, type MailServerOptions, startMailServer } from './mail-server/mail-server.ts';

const USER = 'ada@example.org';
const PASSWORD = 'correct horse';

let certificates: TestCertificates;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  certificates = await testCertificates();
});

afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

async function serve(options: Partial<MailServerOptions> = {}): Promise<MailServer> {
  const server = await startMailServer({
    accounts: [{ user: USER, password: PASSWORD }],
    security: 'none',
    tls: certificates.good,
    ...options,
  });
  opened.push(server);
  return server;
}

function client(server: MailServer, options: Partial<ImapFlowOptions> = {}): ImapFlow {
  const flow = new ImapFlow({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: USER, pass: PASSWORD },
    tls: { ca: certificates.ca },
    logger: false,
    autoIdleDelay: 5,
    connectionTimeout: 2_000,
    greetingTimeout: 300,
    socketTimeout: 2_000,
    ...options,
  } as ImapFlowOptions);
  // The promise that was called fails as well; without a listener the process would end.
  flow.on('error', () => {});
  opened.push(flow);
  return flow;
}

async function signedIn(server: MailServer, options: Partial<ImapFlowOptions> = {}): Promise<ImapFlow> {
  const flow = client(server, options);
  await flow.connect();
  return flow;
}

/** Unlike `once`, which fails when an error comes first. */
function closing(emitter: { once(event: 'close', listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => void emitter.once('close', resolve));
}

/** How many messages the client believes to be there. */
function existsIn(flow: ImapFlow): number | null {
  return flow.mailbox ? flow.mailbox.exists : null;
}

/** A client without a library: what is on the wire, byte by byte. */
async function plainLine(server: MailServer) {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  opened.push({ close: () => socket.destroy() });
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
    socket.emit('heard');
  });
  const hears = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(heard)) await once(socket, 'heard', { signal: AbortSignal.timeout(2_000) });
    return heard;
  };
  await hears(/^\* OK .*\r\n/);
  return { hears, send: (text: string) => socket.write(text, 'latin1'), closed: closing(socket) };
}

function letter(subject: string, body = 'Hello\r\n', from = 'Grace <grace@example.org>'): string {
  return `From: ${from}\r\nTo: ${USER}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.org>\r\n\r\n${body}`;
}

describe('signing in', () => {
  it('works over TLS, STARTTLS and plain text', async () => {
    for (const [security, options] of [
      ['tls', { secure: true }],
      ['starttls', { doSTARTTLS: true }],
      ['none', {}],
    ] as const) {
      const server = await serve({ security });
      const flow = await signedIn(server, options);
      expect(flow.secureConnection, security).toBe(security !== 'none');
      expect(server.transcript.count('encrypted')).toBe(security === 'none' ? 0 : 1);
      expect(server.transcript.commands('AUTHENTICATE')).toEqual(['AUTHENTICATE PLAIN …']);
      await flow.logout();
    }
  });

  it('works by LOGIN, and without SASL-IR', async () => {
    const server = await serve({ capabilities: CAPABILITIES.filter((name) => name !== 'SASL-IR') });
    await signedIn(server);
    await signedIn(server, { auth: { user: USER, pass: PASSWORD, loginMethod: 'LOGIN' } });
    expect(server.transcript.commands('AUTHENTICATE')).toEqual(['AUTHENTICATE PLAIN …']);
    expect(server.transcript.commands('LOGIN')).toEqual(['LOGIN …']);
  });

  it('refuses a wrong password, and any before STARTTLS', async () => {
    const server = await serve({ security: 'starttls' });
    const wrong = client(server, { doSTARTTLS: true, auth: { user: USER, pass: 'wrong' } });
    await expect(wrong.connect()).rejects.toMatchObject({
      authenticationFailed: true,
      serverResponseCode: 'AUTHENTICATIONFAILED',
    });
    const early = client(server, { auth: { user: USER, pass: PASSWORD, loginMethod: 'LOGIN' } });
    await expect(early.connect()).rejects.toThrow();
  });

  it('shows certificates that a client refuses', async () => {
    for (const [name, code] of [
      ['expired', 'CERT_HAS_EXPIRED'],
      ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      ['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const server = await serve({ security: 'tls', tls: certificates[name] });
      await expect(client(server, { secure: true }).connect(), name).rejects.toMatchObject({ code });
    }
  });
});

describe('reading a mailbox', () => {
  it('opens, searches and fetches raw headers, flags, dates and sizes', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    const eightBit = Buffer.from(
      'From: x@example.test\r\nSubject: caf\xe9 \xff\r\n folded\r\nX-Other: no\r\n\r\nbody\r\n',
      'latin1',
    );
    inbox.deliver(letter('one'), { flags: ['\\Seen'], date: new Date('2026-02-01T03:04:05Z') });
    inbox.deliver(letter('two'), { flags: ['\\Flagged', 'custom'] });
    inbox.deliver(eightBit);
    inbox.deliver(letter('deleted'), { flags: ['\\Deleted'] });
    const flow = await signedIn(server);
    const opened = await flow.mailboxOpen('INBOX');
    expect(opened).toMatchObject({ exists: 4, uidNext: 5, uidValidity: BigInt(inbox.uidValidity) });
    expect(opened.highestModseq).toBe(BigInt(inbox.highestModseq));
    expect(await flow.search({ seen: false, deleted: false }, { uid: true })).toEqual([2, 3]);
    const rows = await flow.fetchAll(
      '1:3',
      { uid: true, flags: true, internalDate: true, size: true, headers: ['Subject', 'From'] },
      { uid: true },
    );
    expect(rows.map((row) => row.uid)).toEqual([1, 2, 3]);
    expect(rows[0]).toMatchObject({ flags: new Set(['\\Seen']), internalDate: new Date('2026-02-01T03:04:05Z') });
    expect(rows[1]?.flags).toEqual(new Set(['\\Flagged', 'custom']));
    expect(rows[2]?.size).toBe(eightBit.length);
    const end = eightBit.indexOf('X-Other');
    expect(rows[2]?.headers).toEqual(Buffer.concat([eightBit.subarray(0, end), Buffer.from('\r\n')]));
    expect(inbox.unseen).toBe(3);
  });

  it('answers every search key that clients use', async () => {
    const server = await serve({ capabilities: CAPABILITIES.filter((name) => name !== 'ESEARCH') });
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('=?UTF-8?B?R3LDvMOfZQ==?='), { date: new Date('2026-01-10T12:00:00Z'), flags: ['\\Seen'] });
    inbox.deliver(letter('second', 'needle\r\n'), { date: new Date('2026-02-10T12:00:00Z'), flags: ['\\Answered'] });
    inbox.deliver(letter('third', 'x'.repeat(900), 'z@example.test'), { date: new Date('2026-03-10T12:00:00Z') });
    const flow = await signedIn(server);
    await flow.mailboxOpen('INBOX');
    for (const [query, uids] of [
      [{ all: true }, [1, 2, 3]],
      [{ seen: true }, [1]],
      [{ answered: false }, [1, 3]],
      [{ uid: '2:*' }, [2, 3]],
      [{ seq: '1,3' }, [1, 3]],
      [{ since: new Date('2026-02-10T00:00:00Z') }, [2, 3]],
      [{ before: new Date('2026-02-10T00:00:00Z') }, [1]],
      [{ on: new Date('2026-02-10T00:00:00Z') }, [2]],
      [{ subject: 'grüße' }, [1]],
      [{ from: 'GRACE' }, [1, 2]],
      [{ body: 'needle' }, [2]],
      [{ text: 'second' }, [2]],
      [{ header: { 'message-id': 'third' } }, [3]],
      [{ larger: 900 }, [3]],
      [{ not: { from: 'grace' } }, [3]],
      [{ or: [{ seen: true }, { subject: 'third' }] }, [1, 3]],
      [{ modseq: BigInt(inbox.message(3)?.modseq ?? 0) }, [3]],
      [{ keyword: 'nothing' }, []],
    ] as const) {
      expect(await flow.search(query as object, { uid: true }), JSON.stringify(Object.keys(query))).toEqual(uids);
    }
  });

  it('describes MIME trees and gives their parts', async () => {
    const server = await serve();
    const raw = [
      'From: "Grace, H." <grace@example.org>',
      'To: team: a@example.org, B <b@example.org>;, c@example.org',
      'Subject: parts',
      'Content-Type: multipart/mixed; boundary="outer"',
      '',
      'preamble',
      '--outer',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'plain',
      '--inner',
      'Content-Type: text/html',
      '',
      '<p>html</p>',
      '--inner--',
      '--outer',
      'Content-Type: application/pdf; name="a b.pdf"',
      'Content-Disposition: attachment; filename="a b.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      'JVBERi0=',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      'Subject: inside',
      '',
      'inner text',
      '--outer--',
      '',
    ].join('\r\n');
    server.store.account(USER).inbox.deliver(raw);
    const flow = await signedIn(server);
    await flow.mailboxOpen('INBOX', { readOnly: true });
    const row = await flow.fetchOne('1', {
      envelope: true,
      bodyStructure: true,
      bodyParts: ['1.1', '2.mime', '3.header', '3.1', { key: 'text', start: 0, maxLength: 8 }],
    });
    if (!row) throw new Error('no row');
    expect(row.envelope?.from).toEqual([{ name: 'Grace, H.', address: 'grace@example.org' }]);
    expect(row.envelope?.to?.map((to) => to.address)).toEqual(['a@example.org', 'b@example.org', 'c@example.org']);
    expect(row.bodyStructure).toMatchObject({
      type: 'multipart/mixed',
      childNodes: [
        { type: 'multipart/alternative', childNodes: [{ part: '1.1', type: 'text/plain' }, { type: 'text/html' }] },
        { type: 'application/pdf', disposition: 'attachment', dispositionParameters: { filename: 'a b.pdf' }, size: 8 },
        { type: 'message/rfc822', envelope: { subject: 'inside' } },
      ],
    });
    const part = (name: string): string | undefined => row.bodyParts?.get(name)?.toString();
    expect(part('1.1')).toBe('plain');
    expect(part('2.mime')).toContain('filename="a b.pdf"');
    expect(part('3.header')).toBe('Subject: inside\r\n\r\n');
    expect(part('3.1')).toBe('inner text');
    expect(part('text')).toBe('preamble');
    const { content } = await flow.download('1', '2');
    expect((await content?.toArray())?.join('')).toBe('%PDF-');
  });

  it('lists folders with their uses and counts', async () => {
    const server = await serve();
    const account = server.store.account(USER);
    account.createFolder('Réunions & co');
    account.createFolder('Work/Plans');
    account.folder('Sent').deliver(letter('sent'), { flags: ['\\Seen'] });
    account.inbox.deliver(letter('new'));
    const flow = await signedIn(server);
    const folders = await flow.list({ statusQuery: { messages: true, unseen: true, uidNext: true } });
    expect(folders.map((folder) => folder.path)).toEqual(
      expect.arrayContaining(['INBOX', 'Réunions & co', 'Work/Plans']),
    );
    const sent = folders.find((folder) => folder.path === 'Sent');
    expect(sent).toMatchObject({
      specialUse: '\\Sent',
      subscribed: true,
      status: { messages: 1, unseen: 0, uidNext: 2 },
    });
    expect(await flow.status('INBOX', { unseen: true, messages: true })).toMatchObject({ unseen: 1, messages: 1 });
    await expect(flow.mailboxOpen('Nowhere')).rejects.toThrow();
    await expect(flow.mailboxOpen('Réunions & co')).resolves.toMatchObject({ exists: 0 });
  });
});

describe('the grammar', () => {
  it('takes literals that wait and literals that do not, in any pieces', async () => {
    const server = await serve();
    const line = await plainLine(server);
    line.send(`a1 LOGIN {${USER.length}}\r\n`);
    await line.hears(/^\+ .*\r\n$/m);
    for (const byte of `${USER} {${PASSWORD.length}+}\r\n${PASSWORD}\r\n`) {
      line.send(byte);
      await new Promise(setImmediate);
    }
    await line.hears(/^a1 OK .*\r\n/m);
    line.send('a2 APPEND INBOX (\\Seen) {3+}\r\n\r\n.\r\na3 STATUS "INBOX" (MESSAGES)\r\n');
    expect(await line.hears(/^a3 .*\r\n/m)).toContain('* STATUS "INBOX" (MESSAGES 1)\r\n');
    expect(server.transcript.commands('LOGIN')).toEqual(['LOGIN …']);
  });

  it('refuses what is no command and goes on', async () => {
    const server = await serve();
    const line = await plainLine(server);
    line.send('a1 FROB\r\na2 SELECT INBOX\r\na3 LOGIN (\r\na4 LOGIN "x\r\n\r\n(((\r\n');
    line.send(
      `a5 LOGIN ${USER} "${PASSWORD}"\r\na6 SELECT INBOX\r\na7 FETCH x FLAGS\r\na8 UID FETCH 1 BODY[NONSENSE]\r\n`,
    );
    line.send('a9 SEARCH UNKNOWN\r\nb1 NOOP\r\n');
    const heard = await line.hears(/^b1 .*\r\n/m);
    const statuses = [...heard.matchAll(/^([ab]\d) (OK|NO|BAD)/gm)].map((match) => `${match[1]} ${match[2]}`);
    expect(statuses).toEqual([
      'a1 BAD',
      'a2 BAD',
      'a3 BAD',
      'a4 BAD',
      'a5 OK',
      'a6 OK',
      'a7 BAD',
      'a8 BAD',
      'a9 BAD',
      'b1 OK',
    ]);
  });
});

describe('changing a mailbox', () => {
  it('stores flags, appends, copies, moves and removes, and the store shows it', async () => {
    const server = await serve();
    const account = server.store.account(USER);
    const { inbox } = account;
    for (const subject of ['one', 'two', 'three', 'four']) inbox.deliver(letter(subject));
    const flow = await signedIn(server);
    await flow.mailboxOpen('INBOX');
    expect(await flow.messageFlagsAdd('1:2', ['\\Seen'], { uid: true })).toBe(true);
    expect(await flow.messageFlagsRemove({ uid: '2' }, ['\\Seen'], { uid: true })).toBe(true);
    expect(inbox.messages.map((message) => message.flags.has('\\Seen'))).toEqual([true, false, false, false]);
    const moved = await flow.messageMove('3', 'Archive', { uid: true });
    expect(moved).toMatchObject({ uidMap: new Map([[3, 1]]) });
    expect(account.folder('Archive').message(1)?.raw.toString()).toContain('Subject: three');
    expect(existsIn(flow)).toBe(3);
    await flow.messageCopy('1', 'Trash', { uid: true });
    expect(account.folder('Trash').messages[0]?.flags).toEqual(new Set(['\\Seen']));
    expect(await flow.messageDelete('4', { uid: true })).toBe(true);
    expect(inbox.messages.map((message) => message.uid)).toEqual([1, 2]);
    const raw = letter('appended', 'naïve\r\n');
    const appended = await flow.append('INBOX', raw, ['\\Seen'], new Date('2025-05-05T05:05:05Z'));
    expect(appended).toMatchObject({ uid: 5, uidValidity: BigInt(inbox.uidValidity) });
    expect(inbox.message(5)).toMatchObject({ raw: Buffer.from(raw), internalDate: new Date('2025-05-05T05:05:05Z') });
  });

  it('tells what has changed since a mod-sequence', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    for (const subject of ['one', 'two', 'three']) inbox.deliver(letter(subject));
    const before = inbox.highestModseq;
    const flow = await signedIn(server);
    inbox.setFlags(2, 'add', ['\\Seen']);
    await flow.mailboxOpen('INBOX');
    const rows = await flow.fetchAll('1:*', { uid: true, flags: true }, { uid: true, changedSince: BigInt(before) });
    expect(rows.map((row) => [row.uid, row.modseq])).toEqual([[2, BigInt(inbox.highestModseq)]]);
    await flow.messageFlagsAdd('2', ['\\Flagged'], { uid: true, unchangedSince: BigInt(before) });
    expect(inbox.message(2)?.flags.has('\\Flagged')).toBe(false);
  });

  it('keeps sequence numbers while another client removes mail', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    for (const subject of ['one', 'two', 'three']) inbox.deliver(letter(subject));
    const flow = await signedIn(server, { disableAutoIdle: true });
    await flow.mailboxOpen('INBOX');
    inbox.remove(1);
    const rows = await flow.fetchAll('1:3', { uid: true });
    expect(rows.map((row) => [row.seq, row.uid])).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(existsIn(flow)).toBe(3);
    await flow.noop();
    expect(existsIn(flow)).toBe(2);
  });

  it('works with a server that can do little', async () => {
    const server = await serve({ capabilities: ['IMAP4rev1'] });
    const account = server.store.account(USER);
    for (const subject of ['one', 'two']) account.inbox.deliver(letter(subject));
    const flow = await signedIn(server);
    const opened = await flow.mailboxOpen('INBOX');
    expect(opened.highestModseq).toBeUndefined();
    expect(await flow.search({ seen: false }, { uid: true })).toEqual([1, 2]);
    await flow.messageMove('1', 'Archive', { uid: true });
    expect(account.inbox.messages.map((message) => message.uid)).toEqual([2]);
    expect(account.folder('Archive').size).toBe(1);
    expect(server.transcript.commands().some((command) => /MOVE|CHANGEDSINCE|RETURN|^ID/.test(command))).toBe(false);
  });
});

describe('IDLE', () => {
  async function idling(server: MailServer): Promise<ImapFlow> {
    const flow = await signedIn(server);
    const idle = server.transcript.next('IDLE');
    await flow.mailboxOpen('INBOX');
    await idle;
    return flow;
  }

  it('tells of new mail, flags and removals as the store changes', async () => {
    const server = await serve({ security: 'tls' });
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one'));
    inbox.deliver(letter('two'));
    const idle = server.transcript.next('IDLE');
    const flow = await signedIn(server, { secure: true });
    await flow.mailboxOpen('INBOX');
    await idle;
    const exists = once(flow, 'exists');
    inbox.deliver(letter('three'));
    expect((await exists)[0]).toMatchObject({ path: 'INBOX', count: 3, prevCount: 2 });
    const flags = once(flow, 'flags');
    inbox.setFlags(2, 'add', ['\\Seen']);
    expect((await flags)[0]).toMatchObject({ seq: 2, flags: new Set(['\\Seen']) });
    const expunge = once(flow, 'expunge');
    inbox.remove(1);
    expect((await expunge)[0]).toMatchObject({ seq: 1 });
    // One IDLE through all of it: nothing was learned by asking.
    expect(server.transcript.commands('IDLE')).toHaveLength(1);
  });

  it('hands changes made by one connection to the other', async () => {
    const server = await serve();
    server.store.account(USER).inbox.deliver(letter('one'));
    const watching = await idling(server);
    const acting = await signedIn(server);
    await acting.mailboxOpen('INBOX');
    const flags = once(watching, 'flags');
    await acting.messageFlagsAdd('1', ['\\Seen'], { uid: true });
    expect((await flags)[0]).toMatchObject({ seq: 1, flags: new Set(['\\Seen']) });
  });

  it('ends with BYE when the mailbox gets another UIDVALIDITY', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one'));
    inbox.remove(1);
    inbox.deliver(letter('two'));
    const before = inbox.uidValidity;
    const flow = await idling(server);
    const closed = closing(flow);
    inbox.rebuild();
    await closed;
    const again = await signedIn(server);
    expect(await again.mailboxOpen('INBOX')).toMatchObject({ uidValidity: BigInt(before + 1), uidNext: 2, exists: 1 });
  });

  it('tells nothing where it is silent, and NOOP tells it all', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    server.faults.silentIdle = true;
    const flow = await idling(server);
    const seen: number[] = [];
    flow.on('exists', (event: { count: number }) => seen.push(event.count));
    inbox.deliver(letter('one'));
    const flushed = await flow.status('Sent', { messages: true });
    expect(flushed).toMatchObject({ messages: 0 });
    expect(seen).toEqual([1]);
  });
});

describe('faults', () => {
  it('never greets, or greets as something else', async () => {
    const server = await serve();
    for (const greeting of ['never', 'garbage', 'pop3', 'smtp', 'http', 'bye'] as const) {
      server.faults.greeting = greeting;
      await expect(client(server).connect(), greeting).rejects.toThrow();
    }
    expect(server.transcript.commands('LOGIN')).toEqual([]);
    server.faults.clear();
    await signedIn(server);
  });

  it('answers a sign-in with the given text', async () => {
    const server = await serve();
    server.faults.signInAnswer = 'NO [UNAVAILABLE] Come back later';
    await expect(client(server).connect()).rejects.toMatchObject({
      serverResponseCode: 'UNAVAILABLE',
      responseText: 'Come back later',
    });
  });

  it('hides STARTTLS', async () => {
    const server = await serve({ security: 'starttls' });
    server.faults.withoutStartTls = true;
    await expect(client(server, { doSTARTTLS: true }).connect()).rejects.toThrow(/STARTTLS/);
    expect(server.transcript.commands('STARTTLS')).toEqual([]);
  });

  it('freezes everything, and thaws', async () => {
    const server = await serve({ security: 'tls' });
    const flow = await signedIn(server, { secure: true, disableAutoIdle: true });
    server.faults.freeze();
    await expect(client(server, { secure: true, connectionTimeout: 100 }).connect()).rejects.toThrow();
    let answered = false;
    const noop = flow.noop().then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    server.faults.thaw();
    await noop;
    await signedIn(server, { secure: true });
  });

  it('cuts the line at a chosen command', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one', 'x'.repeat(5_000)));
    server.faults.when('UID FETCH', { do: 'cut' }, { nth: 2 });
    const flow = await signedIn(server);
    await flow.mailboxOpen('INBOX');
    expect(await flow.fetchAll('1', { uid: true }, { uid: true })).toHaveLength(1);
    const closed = closing(flow);
    await expect(flow.fetchAll('1', { uid: true }, { uid: true })).rejects.toThrow();
    await closed;
    const again = await signedIn(server);
    await again.mailboxOpen('INBOX');
    server.faults.when('UID FETCH', { do: 'cut-answer', afterBytes: 1_000 });
    await expect(again.fetchAll('1', { source: true }, { uid: true })).rejects.toThrow();
  });

  it('answers chosen commands otherwise', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one'));
    inbox.deliver(letter('two'));
    server.faults.when('UID STORE', { do: 'answer', status: 'NO [LIMIT] Rate limit hit' }, { times: 1 });
    server.faults.when(/^UID SEARCH .*SEEN/, { do: 'send', bytes: '* SEARCH 7 8\r\n{tag} OK Done\r\n' });
    const remove = server.faults.when('STATUS', { do: 'delay', milliseconds: 80 });
    const flow = await signedIn(server, { disableAutoIdle: true });
    await flow.mailboxOpen('INBOX');
    expect(await flow.messageFlagsAdd('1', ['\\Seen'], { uid: true })).toBe(false);
    expect(await flow.messageFlagsAdd('1', ['\\Seen'], { uid: true })).toBe(true);
    expect(await flow.search({ seen: true }, { uid: true })).toEqual([7, 8]);
    const start = performance.now();
    await flow.status('INBOX', { messages: true });
    expect(performance.now() - start).toBeGreaterThan(70);
    remove();
    server.faults.searchLimit = 1;
    expect(await flow.search({ all: true }, { uid: true })).toEqual([1]);
  });

  it('trickles without an end, and ignores', async () => {
    const server = await serve();
    server.faults.when('NOOP', { do: 'trickle', everyMilliseconds: 5, line: '* OK Wait' });
    server.faults.when('CAPABILITY', { do: 'ignore' });
    const line = await plainLine(server);
    line.send('a CAPABILITY\r\nb ID NIL\r\nc NOOP\r\nd LOGOUT\r\n');
    const heard = await line.hears(/(\* OK Wait\r\n){3}/);
    expect(heard).toContain('b OK');
    expect(heard).not.toMatch(/^[acd] /m);
  });

  it('freezes one connection at a command and leaves the others', async () => {
    const server = await serve();
    const flow = await signedIn(server, { disableAutoIdle: true, socketTimeout: 100 });
    server.faults.when('NOOP', { do: 'freeze' }, { times: 1 });
    const closed = closing(flow);
    await flow.noop();
    await closed;
    await expect((await signedIn(server)).noop()).resolves.not.toThrow();
  });

  it('says on every connection what it is told to', async () => {
    const server = await serve();
    const line = await plainLine(server);
    server.send('* BYE Shutting down\r\n');
    await line.hears(/BYE Shutting down\r\n$/);
    server.cut({ reset: true });
    await line.closed;
  });

  it('goes away and comes back on the same port with the same mail', async () => {
    const server = await serve({ security: 'tls' });
    server.store.account(USER).inbox.deliver(letter('one'));
    const { port } = server;
    const flow = await signedIn(server, { secure: true });
    await flow.mailboxOpen('INBOX');
    const closed = closing(flow);
    await server.stop();
    await closed;
    expect(server.connections).toBe(0);
    await expect(client(server, { secure: true }).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(server.port).toBe(port);
    const again = await signedIn(server, { secure: true });
    expect(await again.mailboxOpen('INBOX')).toMatchObject({ exists: 1 });
  });
});
