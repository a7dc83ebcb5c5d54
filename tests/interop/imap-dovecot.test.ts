/** One account at a real Dovecot: with everything it can do, and with its extensions switched off one by one. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RemoveKind } from '../../src/model.ts';
import { Dovecot } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { TestAccount } from '../support/imap-account.ts';
import { describeWith } from '../support/requirements.ts';

/** What Debian's Dovecot 2.3 says it can do, as far as it matters here. */
const EVERYTHING =
  'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ NAMESPACE UIDPLUS LIST-EXTENDED CONDSTORE QRESYNC ESEARCH LIST-STATUS MOVE PREVIEW NOTIFY SPECIAL-USE UNSELECT CHILDREN'.split(
    ' ',
  );
const without = (...names: string[]) => EVERYTHING.filter((name) => !names.includes(name)).join(' ');

const SERVERS: [string, string | undefined][] = [
  ['everything', undefined],
  ['all but QRESYNC', without('QRESYNC')],
  ['all but CONDSTORE and QRESYNC', without('CONDSTORE', 'QRESYNC')],
  ['all but MOVE', without('MOVE')],
  ['all but UIDPLUS', without('UIDPLUS')],
  ['all but MOVE and UIDPLUS', without('MOVE', 'UIDPLUS')],
  ['all but IDLE', without('IDLE')],
  ['all but NOTIFY', without('NOTIFY')],
  ['all but LIST-STATUS', without('LIST-STATUS')],
  ['all but SPECIAL-USE', without('SPECIAL-USE')],
  ['all but ESEARCH', without('ESEARCH')],
  ['all but PREVIEW', without('PREVIEW')],
  ['nothing but IMAP4rev1', 'IMAP4rev1'],
];

const FOLDERS = ['INBOX', 'Lists', 'Wörk/Übersicht'];
const raw = (subject: string) =>
  `From: Bo <bo@example.test>\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.test>\r\n\r\nText of ${subject}\r\n`;

/** Known from the start: Dovecot looks for new ones once a second. */
const USERS = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`user${at}`, 'pw']));

describeWith('dovecot', 'an account at Dovecot', () => {
  describe.each(SERVERS)('with %s', (_, capability) => {
    let dovecot: Dovecot;
    let users = Object.keys(USERS);
    let user: string;
    let one: TestAccount;
    const has = (name: string) => (capability ?? EVERYTHING.join(' ')).split(' ').includes(name);

    beforeAll(async () => {
      dovecot = await Dovecot.start({ tls: null, users: USERS, ...(capability ? { capability } : {}) });
      users = Object.keys(USERS);
    });
    afterAll(() => dovecot.close());
    afterEach(() => one?.close());

    async function open(): Promise<void> {
      user = users.pop() ?? '';
      const other = await dovecot.asClient(user);
      for (const name of FOLDERS.slice(1)) await other.mailboxCreate(name);
      for (const name of FOLDERS) await other.append(name, raw(`first in ${name}`), []);
      await other.append('INBOX', raw('read already'), ['\\Seen']);
      await other.logout();
      one = await TestAccount.open({ port: dovecot.ports.imap, user, folders: FOLDERS });
    }

    /** Where the server does not tell, it is asked. */
    const told = async () => (has('IDLE') ? undefined : one.source.check());

    it('is counted and followed, in the folder listened in and in others', async () => {
      await open();
      expect(one.unread).toBe(3);
      await one.until(() => one.rows().every(({ snippet }) => snippet !== null), 'words');
      expect(one.rows().map(({ snippet }) => snippet)).toEqual(['Text of first in INBOX', 'Text of read already']);
      const other = await dovecot.asClient(user);
      await other.append('INBOX', raw('new'), []);
      await told();
      await one.untilUnread(4);
      expect(one.subjects()).toContain('new');

      await other.append('Wörk/Übersicht', raw('elsewhere'), []);
      if (!has('NOTIFY')) await one.source.check();
      await one.until(() => one.subjects('Wörk/Übersicht').includes('elsewhere'), 'news of another folder');
      expect(one.unread).toBe(5);

      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('3', ['\\Seen', '\\Flagged'], { uid: true });
      await told();
      await one.untilUnread(4);
      expect(one.row(3)).toMatchObject({ seen: true, flagged: true });
      await other.messageDelete('1', { uid: true });
      await told();
      await one.untilUnread(3);
      expect(one.row(1)).toBeUndefined();
      await other.logout();
      expect((await dovecot.unreadUids(user)).length).toBe(0);
    });

    it('is found again with what happened meanwhile', async () => {
      await open();
      await one.source.close();
      const other = await dovecot.asClient(user);
      for (const n of [1, 2, 3]) await other.append('INBOX', raw(`later ${n}`), []);
      await other.append('Lists', raw('later in a list'), []);
      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('1,3', ['\\Seen'], { uid: true });
      await other.messageDelete('2,4', { uid: true });
      await other.logout();
      await one.connect().open();
      expect(one.unread).toBe(1 + 2 + 1);
      expect(one.subjects()).toEqual(['first in INBOX', 'later 1', 'later 3']);
      expect((await dovecot.unreadUids(user)).length).toBe(1);
    });

    it.each<[RemoveKind, string]>([
      ['archive', 'Archive'],
      ['trash', 'Trash'],
      ['spam', 'Junk'],
      ['move', 'Lists'],
    ])('%s takes a message to %s, and leaves what others have marked as deleted', async (kind, to) => {
      await open();
      const other = await dovecot.asClient(user);
      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('2', ['\\Deleted'], { uid: true });
      await one.until(() => one.folders.length > 0, 'folders');
      const uidValidity = one.mailboxes.get('INBOX')?.uidValidity ?? 0;
      const operation = { kind, account: 'a', folder: 'INBOX', uidValidity, target: { uids: [1] }, to };
      await one.source.remove?.(operation, false);
      expect(one.row(1)).toBeUndefined();
      const left = await dovecot.flags(user);
      expect(left.get(2)).toContain('\\Deleted');
      if (has('MOVE') || has('UIDPLUS')) expect(left.has(1)).toBe(false);
      else expect(left.get(1)).toContain('\\Deleted');
      await other.mailboxOpen(to);
      const moved = await other.fetchAll('1:*', { envelope: true });
      expect(moved.map(({ envelope }) => envelope?.subject)).toContain('first in INBOX');
      await other.logout();
    });

    it('is marked, read, searched, and its files fetched, without a trace of looking', async () => {
      await open();
      const other = await dovecot.asClient(user);
      const boundary = 'b'.repeat(40);
      const file = Buffer.from(Array.from({ length: 700_000 }, (_, at) => (at * 31) % 253));
      await other.append(
        'Lists',
        [
          'From: =?utf-8?q?J=C3=B6rg?= <joerg@example.test>',
          'Subject: =?iso-8859-1?q?Gr=FC=DFe?=',
          'MIME-Version: 1.0',
          `Content-Type: multipart/mixed; boundary=${boundary}`,
          '',
          `--${boundary}`,
          'Content-Type: text/plain; charset=iso-8859-1',
          'Content-Transfer-Encoding: quoted-printable',
          '',
          'Sch=F6nen Tag',
          `--${boundary}`,
          'Content-Type: application/octet-stream; name="bytes.bin"',
          'Content-Transfer-Encoding: base64',
          'Content-Disposition: attachment; filename="bytes.bin"',
          '',
          ...(file.toString('base64').match(/.{1,76}/g) ?? []),
          `--${boundary}--`,
          '',
        ].join('\r\n'),
        [],
      );
      await one.source.check();
      expect(one.unread).toBe(4);
      const row = one.rows('Lists').at(-1);
      const message = { folder: 'Lists', uidValidity: row?.uidValidity ?? 0, uid: row?.uid ?? 0 };
      const { signal } = new AbortController();
      const content = await one.source.readMessage?.(message, signal);
      expect([content?.subject, content?.text, content?.from?.name]).toEqual(['Grüße', 'Schönen Tag', 'Jörg']);
      expect(content?.attachments).toMatchObject([{ name: 'bytes.bin', part: '2' }]);
      const pieces: Uint8Array[] = [];
      await one.source.readPart?.(message, '2', async (bytes) => void pieces.push(bytes), signal);
      expect(Buffer.concat(pieces).equals(file)).toBe(true);

      const found: string[] = [];
      await one.source.search?.(
        { text: 'Schönen' },
        (rows) => found.push(...rows.map(({ subject }) => subject)),
        signal,
      );
      expect(found).toEqual(['Grüße']);
      expect(await dovecot.seenUids(user, 'Lists')).toEqual([]);

      await one.source.mark({ kind: 'star', account: 'a', ...message, target: { uids: [message.uid] } });
      await one.source.mark({ kind: 'seen', account: 'a', ...message, target: { upTo: message.uid } });
      expect(one.unread).toBe(2);
      expect((await dovecot.flags(user, 'Lists')).get(message.uid)).toEqual(
        expect.arrayContaining(['\\Seen', '\\Flagged']),
      );
      await other.logout();
    });
  });

  it('a mailbox that was made anew is read anew, and marks meant for the old one are refused', async () => {
    const dovecot = await Dovecot.start({ tls: null });
    try {
      const other = await dovecot.asClient('anna');
      await other.mailboxCreate('Lists');
      for (let n = 0; n < 5; n += 1) await other.append('Lists', raw(`old ${n}`), []);
      const one = await TestAccount.open({ port: dovecot.ports.imap, folders: ['INBOX', 'Lists'] });
      const before = one.mailboxes.get('Lists')?.uidValidity ?? 0;
      await one.source.close();
      await other.mailboxDelete('Lists');
      // A UIDVALIDITY is a time in seconds.
      const second = Math.floor(Date.now() / 1000);
      await eventually(() => Math.floor(Date.now() / 1000) > second);
      await other.mailboxCreate('Lists');
      for (let n = 0; n < 3; n += 1) await other.append('Lists', raw(`new ${n}`), []);
      await one.connect().open();
      expect(one.subjects('Lists')).toEqual(['new 0', 'new 1', 'new 2']);
      expect(one.mailboxes.get('Lists')?.uidValidity).not.toBe(before);
      const target = { uids: [1] };
      await expect(
        one.source.mark({ kind: 'seen', account: 'a', folder: 'Lists', uidValidity: before, target }),
      ).rejects.toThrow('mailbox-changed');
      expect(await dovecot.seenUids('anna', 'Lists')).toEqual([]);
      await one.close();
      await other.logout();
    } finally {
      await dovecot.close();
    }
  });

  it('where all folders lie below INBOX, they are counted, found by what they are for, and made there', async () => {
    const extra = 'namespace inbox {\n prefix = INBOX.\n separator = .\n}';
    const dovecot = await Dovecot.start({ tls: null, extra });
    try {
      const other = await dovecot.asClient('anna');
      await other.mailboxCreate('INBOX.Lists');
      for (const path of ['INBOX', 'INBOX.Lists']) await other.append(path, raw(`first in ${path}`), []);
      await other.mailboxDelete('INBOX.Archive');
      const one = await TestAccount.open({ port: dovecot.ports.imap, folders: ['INBOX', 'INBOX.Lists'] });
      expect(one.unread).toBe(2);
      await one.until(() => one.folders.length > 0, 'folders');
      expect(one.folders).toContainEqual(expect.objectContaining({ path: 'INBOX.Trash', role: 'trash' }));
      const uidValidity = one.mailboxes.get('INBOX')?.uidValidity ?? 0;
      const target = { uids: [1] };
      await one.source.remove?.({ kind: 'archive', account: 'a', folder: 'INBOX', uidValidity, target }, false);
      await one.untilUnread(1);
      expect((await other.list()).map(({ path }) => path)).toContain('INBOX.Archive');
      await other.mailboxOpen('INBOX.Archive');
      const [moved] = await other.fetchAll('1:*', { envelope: true });
      expect(moved?.envelope?.subject).toBe('first in INBOX');
      await one.close();
      await other.logout();
    } finally {
      await dovecot.close();
    }
  });

  it('20,000 flags set at once by another client are taken over', async () => {
    const dovecot = await Dovecot.start({ tls: null });
    try {
      dovecot.deliverMany('anna', 20_000, (n) => ({ raw: raw(`m${n}`) }));
      const one = await TestAccount.open({ port: dovecot.ports.imap });
      expect(one.unread).toBe(20_000);
      const other = await dovecot.asClient('anna');
      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('1:19990', ['\\Seen']);
      await one.untilUnread(10);
      await eventually(async () => (await dovecot.unreadUids('anna')).length === 10);
      await one.close();
      await other.logout();
    } finally {
      await dovecot.close();
    }
  }, 60_000);
});
