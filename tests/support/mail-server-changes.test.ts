import { once } from 'node:events';
import type { ImapFlow } from 'imapflow';
import { describe, expect, it } from 'vitest';
import type { MailServer } from './mail-server/mail-server.ts';
import { closing, existsIn, letter, PASSWORD, plainLine, serve, signedIn, USER } from './mail-server/test-clients.ts';

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

  it('tells a client of its own flag changes once, and not at all when silent', async () => {
    const server = await serve();
    server.store.account(USER).inbox.deliver(letter('one'));
    const line = await plainLine(server);
    line.send(`a1 LOGIN ${USER} "${PASSWORD}"\r\na2 SELECT INBOX\r\n`);
    await line.hears(/^a2 OK/m);
    line.send('a3 STORE 1 +FLAGS (\\Seen)\r\na4 STORE 1 +FLAGS.SILENT (\\Flagged)\r\na5 NOOP\r\n');
    const heard = await line.hears(/^a5 OK/m);
    expect(heard.match(/^\* 1 FETCH .*$/gm)).toEqual(['* 1 FETCH (FLAGS (\\Seen))']);
  });

  it('removes by UID EXPUNGE only what is named', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('marked by somebody else'), { flags: ['\\Deleted'] });
    inbox.deliver(letter('two'));
    const flow = await signedIn(server);
    await flow.mailboxOpen('INBOX');
    await flow.messageDelete('2', { uid: true });
    expect(inbox.messages.map((message) => message.uid)).toEqual([1]);
  });

  it('marks read what was read without PEEK, and only that', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    inbox.deliver(letter('one'));
    inbox.deliver(letter('two'));
    const line = await plainLine(server);
    line.send(`a1 LOGIN ${USER} "${PASSWORD}"\r\na2 SELECT INBOX\r\na3 FETCH 1 BODY.PEEK[TEXT]\r\n`);
    await line.hears(/^a3 OK/m);
    expect(inbox.unseen).toBe(2);
    line.send('a4 FETCH 2 BODY[TEXT]<0.3>\r\n');
    expect(await line.hears(/^a4 OK/m)).toContain('* 2 FETCH (FLAGS (\\Seen) BODY[TEXT]<0> {3}\r\nHel)\r\n');
    expect(inbox.messages.map((message) => message.flags.has('\\Seen'))).toEqual([false, true]);
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

  it('does not tell of what came and went between two commands', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    const line = await plainLine(server);
    line.send(`a1 LOGIN ${USER} "${PASSWORD}"\r\na2 SELECT INBOX\r\n`);
    await line.hears(/^a2 OK/m);
    inbox.remove(inbox.deliver(letter('gone again')).uid);
    inbox.deliver(letter('stays'));
    line.send('a3 NOOP\r\n');
    const heard = await line.hears(/^a3 OK/m);
    expect(heard.slice(heard.indexOf('a2 OK'))).toMatch(/^a2 OK [^\r]*\r\n\* 1 EXISTS\r\na3 OK/);
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
