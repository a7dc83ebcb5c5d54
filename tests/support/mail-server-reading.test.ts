import { describe, expect, it } from 'vitest';
import { CAPABILITIES } from './mail-server/mail-server.ts';
import { letter, serve, signedIn, USER } from './mail-server/test-clients.ts';

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
    account.folder('Junk').subscribed = false;
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
    expect(folders.find((folder) => folder.path === 'Junk')?.subscribed).toBeFalsy();
    expect(server.transcript.commands('LSUB')).toEqual([]);
    expect(await flow.status('INBOX', { unseen: true, messages: true })).toMatchObject({ unseen: 1, messages: 1 });
    await expect(flow.mailboxOpen('Nowhere')).rejects.toThrow();
    await expect(flow.mailboxOpen('Réunions & co')).resolves.toMatchObject({ exists: 0 });
  });
});
