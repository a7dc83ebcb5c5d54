/** How a folder is followed and found again, by the commands that go over a real socket. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestAccount } from '../../support/imap-account.ts';
import { Faults } from '../../support/mail-server/faults.ts';
import { CAPABILITIES, type MailServer, startMailServer } from '../../support/mail-server/mail-server.ts';

let mail: MailServer;
let account: TestAccount | undefined;

async function start(capabilities: readonly string[] = CAPABILITIES): Promise<void> {
  await mail?.close();
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: 'pw' }],
    security: 'none',
    faults: new Faults(),
    capabilities,
  });
}

beforeEach(() => start());

afterEach(async () => {
  await account?.close();
  account = undefined;
  await mail.close();
});

const without = (...names: string[]) => CAPABILITIES.filter((name) => !names.includes(name));
const inbox = () => mail.store.account('anna').inbox;

function deliver(subject: string, flags: string[] = []): number {
  const raw = `From: Bo <bo@example.test>\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.test>\r\n\r\nText of ${subject}\r\n`;
  return inbox().deliver(raw, { flags }).uid;
}

function deliverMany(count: number, isSeen: (n: number) => boolean = () => true): void {
  for (let n = 1; n <= count; n += 1) deliver(`m${n}`, isSeen(n) ? ['\\Seen'] : []);
}

async function open(folders?: string[]): Promise<TestAccount> {
  account = await TestAccount.open({ port: mail.port, ...(folders ? { folders } : {}) });
  return account;
}

/** All rows have their words: nothing is under way any more. */
const settled = (one: TestAccount) => one.until(() => one.rows().every(({ snippet }) => snippet !== null), 'all words');

/** The commands of the connections since the last `clear`, without what goes on in between. */
const commands = () => mail.transcript.commands().filter((text) => !/^(IDLE|DONE|LOGOUT|ID|LIST|NOOP)/.test(text));

describe('the way to the number', () => {
  it('takes four round trips from the greeting', async () => {
    deliver('one');
    mail.faults.when('UID SEARCH', { do: 'delay', milliseconds: 50 });
    account = new TestAccount({ port: mail.port });
    const opened = account.source.open();
    await account.untilUnread(1);
    await opened;
    expect(mail.transcript.commands().slice(0, 4)).toEqual([
      'AUTHENTICATE PLAIN …',
      'ENABLE CONDSTORE',
      'SELECT INBOX',
      'UID SEARCH RETURN (ALL COUNT) UNSEEN UNDELETED',
    ]);
  });

  it('tells the number before any row, and the newest rows before the others', async () => {
    deliverMany(500, (n) => n % 2 === 0);
    const told: [number | null, number, boolean][] = [];
    account = new TestAccount({ port: mail.port });
    account.source.onChange = ({ unread, mailbox }) =>
      void told.push([unread, mailbox?.state.rows.size ?? 0, mailbox?.state.complete ?? false]);
    await account.source.open();
    expect(told.slice(0, 3)).toEqual([
      [250, 0, false],
      [250, 50, false],
      [250, 200, false],
    ]);
    expect(told[3]?.slice(1)).toEqual([350, true]);
  });
});

describe('a folder that is opened again', () => {
  it('in which nothing has happened costs a SELECT', async () => {
    deliverMany(30, (n) => n < 20);
    const one = await open();
    await settled(one);
    mail.transcript.clear();
    const before = one.changes;
    await one.reopen();
    expect(commands()).toEqual(['AUTHENTICATE PLAIN …', 'ENABLE CONDSTORE', 'SELECT INBOX']);
    expect([one.unread, one.rows().length]).toEqual([11, 30]);
    expect(one.changes - before).toBe(1);
  });

  it('asks for what has changed since, and no more', async () => {
    deliverMany(1000, (n) => n % 50 !== 0);
    const one = await open();
    await settled(one);
    const messages = inbox().messages.map(({ uid }) => uid);
    await one.source.close();
    mail.transcript.clear();
    inbox().setFlags([messages[990] ?? 0, messages[10] ?? 0], 'remove', ['\\Seen']);
    inbox().setFlags(messages[499] ?? 0, 'add', ['\\Seen']);
    deliver('new');
    await one.connect().open();
    expect(one.unread).toBe(20 + 2 - 1 + 1);
    expect(one.subjects()).toEqual(expect.arrayContaining(['new', 'm991', 'm11']));
    const asked = commands().slice(3);
    expect(asked.filter((text) => text.includes('CHANGEDSINCE'))).toHaveLength(1);
    expect(asked.filter((text) => text.startsWith('UID SEARCH'))).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('finds what is gone, in the window and below it, read and unread', async () => {
    deliverMany(600, (n) => n % 10 !== 0);
    const one = await open();
    await settled(one);
    await one.source.close();
    const uids = inbox().messages.map(({ uid }) => uid);
    inbox().remove([uids[9] ?? 0, uids[549] ?? 0, uids[595] ?? 0, uids[100] ?? 0]);
    await one.connect().open();
    expect(one.unread).toBe(58);
    expect(one.subjects()).not.toEqual(expect.arrayContaining(['m10']));
    expect(one.subjects()).not.toEqual(expect.arrayContaining(['m550']));
    expect(one.subjects()).not.toEqual(expect.arrayContaining(['m596']));
    expect(one.subjects()).toContain('m599');
  });

  it('forgets no change that comes while another is taken over', async () => {
    deliverMany(20);
    const one = await open();
    await settled(one);
    await one.source.close();
    inbox().setFlags(3, 'remove', ['\\Seen']);
    // Just when the answer to the first question has left the server.
    const off = mail.faults.when(/CHANGEDSINCE/, { do: 'delay', milliseconds: 30 });
    const asked = mail.transcript.next(/CHANGEDSINCE/);
    const opened = one.connect().open();
    await asked;
    inbox().setFlags(4, 'remove', ['\\Seen']);
    await opened;
    off();
    await one.untilUnread(2);
    await one.source.close();
    inbox().setFlags(5, 'remove', ['\\Seen']);
    await one.connect().open();
    expect(one.unread).toBe(3);
  });

  it('that has too much new mail is read as a window', async () => {
    deliverMany(10);
    const one = await open();
    await settled(one);
    await one.source.close();
    deliverMany(900, (n) => n % 3 !== 0);
    await one.connect().open();
    expect(one.unread).toBe(300);
    expect(one.mailboxes.get('INBOX')?.low).toBeGreaterThan(10);
  });
});

describe.each<[string, readonly string[]]>([
  ['with mod-sequences', CAPABILITIES],
  ['without CONDSTORE', without('CONDSTORE')],
  ['without CONDSTORE and ESEARCH', without('CONDSTORE', 'ESEARCH')],
  ['of the barest kind', ['IMAP4rev1']],
])('a server %s', (_, capabilities) => {
  beforeEach(() => start(capabilities));

  it('is followed: new mail, flags and removals, in the window and below', async () => {
    deliverMany(450, (n) => n % 9 !== 0);
    const one = await open();
    expect(one.unread).toBe(50);
    const uid = deliver('new');
    if (!capabilities.includes('IDLE')) await one.source.check();
    await one.untilUnread(51);
    expect(one.row(uid)?.subject).toBe('new');

    inbox().setFlags([uid, 9], 'add', ['\\Seen', '\\Flagged']);
    if (!capabilities.includes('IDLE')) await one.source.check();
    await one.untilUnread(49);
    expect(one.row(uid)).toMatchObject({ seen: true, flagged: true });

    inbox().setFlags(448, 'remove', ['\\Seen']);
    inbox().setFlags(3, 'remove', ['\\Seen']);
    if (!capabilities.includes('IDLE')) await one.source.check();
    await one.untilUnread(51);
    expect(one.row(3)?.subject).toBe('m3');

    inbox().remove([18, 441, 449]);
    if (!capabilities.includes('IDLE')) await one.source.check();
    await one.untilUnread(49);
    await one.until(() => !one.row(441) && !one.row(449) && !one.row(18), 'rows that are gone');
    inbox().setFlags(450, 'add', ['\\Deleted']);
    if (!capabilities.includes('IDLE')) await one.source.check();
    await one.untilUnread(48);
    inbox().setFlags(450, 'remove', ['\\Deleted']);
    if (!capabilities.includes('IDLE')) await one.source.check();
    await one.untilUnread(49);
    await one.until(() => one.row(450)?.subject === 'm450', 'a row that is back');
  });

  it('is found again after its line was cut, with everything that happened meanwhile', async () => {
    deliverMany(300, (n) => n % 10 !== 0);
    const one = await open();
    await one.source.close();
    deliver('new');
    inbox().setFlags(10, 'add', ['\\Seen']);
    inbox().setFlags(11, 'remove', ['\\Seen']);
    inbox().remove([20, 299]);
    await one.connect().open();
    expect(one.unread).toBe(30);
    expect(one.subjects()).toContain('new');
    expect(one.row(299)).toBeUndefined();
    expect(one.row(11)?.seen).toBe(false);
  });

  it('that renumbers its mail is read anew', async () => {
    deliverMany(30, (n) => n > 5);
    const one = await open();
    await one.source.close();
    inbox().remove(1);
    inbox().rebuild();
    await one.connect().open();
    expect(one.unread).toBe(4);
    expect(one.rows().map(({ uidValidity }) => uidValidity)).toEqual(Array(29).fill(inbox().uidValidity));
    expect(one.subjects()[0]).toBe('m2');
  });
});

describe('what a row shows of the body', () => {
  it('is filled in after the rows are there, and never read again', async () => {
    deliver('plain');
    inbox().deliver(
      [
        'Subject: with a file',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '<style>p { color: red }</style><p>Gr=C3=BC=C3=9Fe aus der <b>Seite</b></p>',
        '--b',
        'Content-Type: application/pdf; name=a.pdf',
        'Content-Disposition: attachment',
        '',
        'x',
        '--b--',
        '',
      ].join('\r\n'),
    );
    const one = await open();
    await settled(one);
    expect(one.rows().map(({ snippet, hasAttachments }) => [snippet, hasAttachments])).toEqual([
      ['Text of plain', false],
      ['Grüße aus der Seite', true],
    ]);
    expect(mail.store.account('anna').inbox.messages.every(({ flags }) => !flags.has('\\Seen'))).toBe(true);
    mail.transcript.clear();
    await one.reopen();
    deliver('later');
    await one.until(() => one.rows().at(-1)?.snippet === 'Text of later', 'words of the new message');
    expect(commands().filter((text) => /BODYSTRUCTURE|BODY\.PEEK\[1\]/.test(text))).toHaveLength(2);
  });
});
