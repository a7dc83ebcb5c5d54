/** What no real server does on request, and what some do to everybody. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TestAccount } from '../../support/imap-account.ts';
import { Faults } from '../../support/mail-server/faults.ts';
import { CAPABILITIES, type MailServer, startMailServer } from '../../support/mail-server/mail-server.ts';

let mail: MailServer;
let account: TestAccount | undefined;

async function start(capabilities: readonly string[] = CAPABILITIES): Promise<void> {
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: 'pw' }],
    security: 'none',
    faults: new Faults(),
    capabilities,
  });
}

afterEach(async () => {
  vi.useRealTimers();
  await account?.close();
  account = undefined;
  await mail.close();
});

const without = (...names: string[]) => CAPABILITIES.filter((name) => !names.includes(name));
const inbox = () => mail.store.account('anna').inbox;

function deliver(subject: string, flags: string[] = []): number {
  return inbox().deliver(`Subject: ${subject}\r\nMessage-ID: <${subject}@example.test>\r\n\r\nText\r\n`, { flags }).uid;
}

function deliverMany(count: number, isSeen: (n: number) => boolean = () => true): void {
  for (let n = 1; n <= count; n += 1) deliver(`m${n}`, isSeen(n) ? ['\\Seen'] : []);
}

async function open(folders?: string[]): Promise<TestAccount> {
  account = await TestAccount.open({ port: mail.port, ...(folders ? { folders } : {}) });
  return account;
}

const settled = (one: TestAccount) => one.until(() => one.rows().every(({ snippet }) => snippet !== null), 'all words');

describe('a server that says it has mod-sequences', () => {
  it('and does not confirm it (iCloud) is read without them', async () => {
    await start();
    mail.faults.when('ENABLE', { do: 'answer', status: 'OK Done' });
    deliverMany(20, (n) => n > 3);
    const one = await open();
    await one.source.close();
    inbox().setFlags([1, 10], 'add', ['\\Seen', '\\Flagged']);
    await one.connect().open();
    expect(one.unread).toBe(2);
    expect(one.row(10)?.flagged).toBe(true);
    expect(mail.transcript.commands().filter((text) => text.includes('CHANGEDSINCE'))).toEqual([]);
  });

  it('and has none for this mailbox is read without them', async () => {
    await start();
    mail.faults.when('SELECT', { do: 'send-before', bytes: '* OK [NOMODSEQ] none here\r\n' });
    deliverMany(5, () => false);
    const one = await open();
    await one.source.close();
    inbox().setFlags(1, 'add', ['\\Seen']);
    await one.connect().open();
    expect(one.unread).toBe(4);
  });
});

describe('a server that names as gone what is not', () => {
  const QRESYNC = [...CAPABILITIES, 'QRESYNC'];

  async function startQresync(): Promise<void> {
    await start(QRESYNC);
    mail.faults.greeting = { bytes: `* OK [CAPABILITY ${QRESYNC.join(' ')} AUTH=PLAIN] Dovecot ready.\r\n` };
    mail.faults.when('ENABLE', { do: 'send-before', bytes: '* ENABLED QRESYNC\r\n' });
  }

  it.each(['1:4294967295', '1:26183,26185', '1:199'])('VANISHED (EARLIER) %s empties nothing', async (uids) => {
    await startQresync();
    deliverMany(200, (n) => n % 2 === 0);
    const one = await open();
    await settled(one);
    await one.source.close();
    inbox().setFlags(1, 'add', ['\\Seen']);
    mail.faults.when(/CHANGEDSINCE/, {
      do: 'send',
      bytes: `* VANISHED (EARLIER) ${uids}\r\n* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (${inbox().highestModseq}))\r\n{tag} OK Done\r\n`,
    });
    await one.connect().open();
    expect([one.unread, one.rows().length]).toEqual([99, 200]);
  });

  it('a few that are named are believed, and so is much where it is true', async () => {
    await startQresync();
    deliverMany(200, (n) => n % 2 === 0);
    const one = await open();
    await settled(one);
    await one.source.close();
    const gone = Array.from({ length: 120 }, (_, at) => at + 1);
    inbox().remove(gone);
    mail.faults.when(/CHANGEDSINCE/, { do: 'send', bytes: '* VANISHED (EARLIER) 1:120\r\n{tag} OK Done\r\n' });
    await one.connect().open();
    expect([one.unread, one.rows().length]).toEqual([40, 80]);
  });
});

describe('a SEARCH that is cut', () => {
  it.each([
    ['with ESEARCH', CAPABILITIES],
    ['without', without('ESEARCH')],
  ])(
    'at 1,000 (Yahoo) is asked on, %s',
    async (_, capabilities) => {
      await start(capabilities);
      deliverMany(2600, (n) => n % 13 === 0);
      mail.faults.searchLimit = 1000;
      const one = await open();
      expect(one.unread).toBe(2400);
      deliver('new');
      await one.untilUnread(2401);
      await one.source.check();
      expect(one.unread).toBe(2401);
    },
    30_000,
  );

  it('to nothing is not taken for an empty mailbox', async () => {
    await start(without('CONDSTORE', 'ESEARCH'));
    deliverMany(150, () => false);
    const one = await open();
    mail.faults.searchLimit = 0;
    await one.source.check();
    expect([one.unread, one.rows().length]).toEqual([150, 150]);
  });
});

describe('a mailbox', () => {
  it('of which the next UID went down is read anew', async () => {
    await start();
    deliverMany(9, () => false);
    const one = await open();
    await one.source.close();
    inbox().rebuild(inbox().uidValidity);
    inbox().remove([1, 2, 3]);
    inbox().uidNext = 9;
    await one.connect().open();
    expect(one.unread).toBe(6);
    expect(one.subjects()[0]).toBe('m4');
  });

  it('of which neither next UID nor first unseen message is told (163.com) is followed all the same', async () => {
    await start(without('CONDSTORE'));
    mail.faults.bareSelect = true;
    deliverMany(300, (n) => n % 3 !== 0);
    const one = await open();
    expect(one.unread).toBe(100);
    const uid = deliver('new');
    await one.untilUnread(101);
    await one.reopen();
    expect([one.unread, one.row(uid)?.subject]).toEqual([101, 'new']);
    expect(mail.transcript.commands().filter((text) => /FETCH 1:\*/.test(text))).toEqual([]);
  });

  it('of which STATUS makes up the UIDVALIDITY (Courier) is opened to see, and believed then', async () => {
    await start(without('LIST-STATUS'));
    mail.store.account('anna').createFolder('Lists');
    mail.store.account('anna').folder('Lists').deliver('Subject: a\r\n\r\nx\r\n');
    let made = 5;
    mail.faults.statusValidity = () => ++made;
    const one = await open(['INBOX', 'Lists']);
    const { uidValidity } = mail.store.account('anna').folder('Lists');
    await one.source.check();
    await one.source.check();
    expect(one.mailboxes.get('Lists')?.uidValidity).toBe(uidValidity);
    expect([one.unread, one.subjects('Lists')]).toEqual([1, ['a']]);
  });

  it('that is numbered anew at every look costs one window in five minutes', async () => {
    await start();
    deliverMany(100, (n) => n > 10);
    let clock = 1_000_000;
    account = new TestAccount({ port: mail.port, now: () => clock });
    await account.source.open();
    const rows = () => mail.transcript.commands().filter((text) => text.includes('INTERNALDATE')).length;
    inbox().rebuild();
    await account.reopen();
    expect([account.unread, account.rows().length]).toEqual([10, 100]);
    const before = rows();
    for (let time = 0; time < 3; time += 1) {
      clock += 60_000;
      inbox().rebuild();
      await account.reopen();
      expect(account.unread).toBe(10);
    }
    expect(rows() - before).toBe(0);
    deliver('new');
    await account.untilUnread(11);
    clock += 5 * 60_000;
    await account.source.check();
    expect(account.rows()).toHaveLength(101);
    inbox().rebuild();
    await account.reopen();
    expect(account.rows()).toHaveLength(101);
  });
});

describe('a folder that counts', () => {
  const other = (name: string) => mail.store.account('anna').folder(name);
  const post = (name: string) => other(name).deliver('Subject: x\r\n\r\nText\r\n', {});

  async function startWith(...names: string[]): Promise<void> {
    await start();
    for (const name of names) {
      mail.store.account('anna').createFolder(name);
      post(name);
    }
    deliver('in the inbox');
  }

  it('and is gone, which servers say without a code, shuts nobody out; the others are heard', async () => {
    await startWith('Work');
    mail.faults.when(/^SELECT Gone/, { do: 'answer', status: "NO Mailbox doesn't exist: Gone" });
    const one = await open(['INBOX', 'Gone', 'Work']);
    expect(one.unread).toBe(2);
    deliver('heard at once');
    await one.untilUnread(3);
    expect(mail.transcript.count('closed')).toBe(0);
  });

  it('and is refused for another reason is left out, the one that is listened in is not', async () => {
    await startWith('Work');
    mail.faults.when(/^SELECT Work/, { do: 'answer', status: 'NO Permission denied' });
    expect((await open(['INBOX', 'Work'])).unread).toBe(1);
    await account?.close();
    mail.faults.when(/^SELECT INBOX/, { do: 'answer', status: 'NO SELECT Unsafe Login' });
    await expect(open(['INBOX', 'Work'])).rejects.toThrow('server-refused');
  });

  it('and is the only one, and gone, is said to be', async () => {
    await start();
    await expect(open(['Gone'])).rejects.toThrow('folder-missing');
  });

  it('counts no longer when another client has deleted it, and again when it was made anew', async () => {
    await startWith('Work', 'Lists');
    const one = await open(['INBOX', 'Work', 'Lists']);
    await settled(one);
    expect(one.unread).toBe(3);
    mail.store.account('anna').deleteFolder('Work');
    // News lead to a look at the other folders.
    deliver('new');
    await one.until(() => one.rows('Work').length === 0, 'an empty folder');
    expect(one.unread).toBe(3);
    mail.store.account('anna').createFolder('Work');
    post('Work');
    deliver('newer');
    await one.untilUnread(5);
  });

  it('is in the list though subscriptions say otherwise (Courier), and no other spelling hides one', async () => {
    await startWith('Work');
    const noSelect = '* LIST (\\NoSelect) "/" "Above"\r\n';
    mail.faults.when('LIST', { do: 'send-before', bytes: noSelect });
    mail.faults.when('LSUB', { do: 'send-before', bytes: '* LSUB (\\Noselect) "/" INBOX\r\n' });
    const one = await open();
    await one.until(() => one.folders.length > 0, 'folders');
    const paths = one.folders.map(({ path }) => path);
    expect(paths).toContain('INBOX');
    expect(paths).toContain('Work');
    expect(paths).not.toContain('Above');
  });

  it('is in two lines under one UIDVALIDITY: the last that was told', async () => {
    await startWith('Work');
    const one = await open();
    await settled(one);
    one.letSignInsPass();
    mail.transcript.clear();
    // To the second connection the server tells another one (mailutils, until it has written it down).
    const other =
      '* 1 EXISTS\r\n* OK [UIDVALIDITY 4711] Other\r\n* OK [UIDNEXT 2] Next\r\n{tag} OK [READ-WRITE] Done\r\n';
    mail.faults.when('SELECT', { do: 'send', bytes: other }, { nth: 1 });
    await one.source.search?.({ text: 'Text' }, () => {}, new AbortController().signal).catch(() => {});
    const openedAnew = ({ connection, command }: { connection: number; command: string }) =>
      connection === 1 && command === 'SELECT';
    await one.until(() => mail.transcript.entries.some(openedAnew), 'another look by the first');
    await one.source.check();
    const [row] = one.rows();
    expect(row?.uidValidity).toBe(inbox().uidValidity);
    const ref = { folder: 'INBOX', uidValidity: inbox().uidValidity, uid: row?.uid ?? 0 };
    await one.source.mark({ kind: 'seen', account: 'a', ...ref, target: { uids: [ref.uid] } });
    await one.untilUnread(0);
  });
});

describe('a server that has learnt nothing since 1997', () => {
  const OLD = ['IMAP4rev1', 'IDLE'];
  const selects = () => mail.transcript.commands().filter((text) => /^(SELECT|EXAMINE) /.test(text));

  it('is looked at for reading alone, so that it writes nothing back over what others have changed', async () => {
    await start(OLD);
    deliverMany(3, () => false);
    const one = await open();
    await settled(one);
    deliver('new');
    await one.untilUnread(4);
    const { signal } = new AbortController();
    const { uidValidity } = inbox();
    expect((await one.source.readMessage?.({ folder: 'INBOX', uidValidity, uid: 1 }, signal))?.text).toBe('Text');
    await one.source.check();
    expect(selects().every((text) => text.startsWith('EXAMINE'))).toBe(true);
  });

  it('is opened for writing for what the user does, and left again at once', async () => {
    await start(OLD);
    deliverMany(3, () => false);
    const one = await open();
    await settled(one);
    mail.transcript.clear();
    const left = mail.transcript.next('EXAMINE');
    const { uidValidity } = inbox();
    await one.source.mark({ kind: 'seen', account: 'a', folder: 'INBOX', uidValidity, target: { uids: [1, 2] } });
    expect(one.unread).toBe(1);
    await left;
    expect(selects()).toEqual(['SELECT INBOX', 'EXAMINE INBOX']);
    deliver('heard again');
    await one.untilUnread(2);
  });

  it('is made to look again where it would go on telling what it knew', async () => {
    await start(['IMAP4rev1']);
    deliverMany(3, () => false);
    const one = await open();
    await settled(one);
    mail.transcript.clear();
    await one.source.check();
    expect(selects()).toEqual(['EXAMINE INBOX']);
  });
});

describe('a row', () => {
  const rows = (one: TestAccount) => one.rows().map(({ snippet }) => snippet);

  it('has its words where the server has no preview of any message (Cyrus)', async () => {
    await start([...CAPABILITIES, 'PREVIEW']);
    deliverMany(3, () => false);
    mail.faults.when(/^UID FETCH .*PREVIEW/, {
      do: 'send',
      bytes: `${[1, 2, 3].map((n) => `* ${n} FETCH (UID ${n} PREVIEW NIL)\r\n`).join('')}{tag} OK Done\r\n`,
    });
    const one = await open();
    await settled(one);
    expect(rows(one)).toEqual(['Text', 'Text', 'Text']);
    // An answer of nothing is an answer: nothing else has to be asked for.
    expect(mail.transcript.commands().filter((text) => /CHANGEDSINCE|UID SEARCH/.test(text))).toHaveLength(1);
  });

  it('has none where the server says that there is nothing (mailutils), and the message opens', async () => {
    await start();
    deliverMany(2, () => false);
    const nil = '* 1 FETCH (UID 1 BODY[1]<0> NIL)\r\n* 2 FETCH (UID 2 BODY[1]<0> NIL)\r\n{tag} OK Done\r\n';
    mail.faults.when(/^UID FETCH .*BODY\.PEEK\[1\]/, { do: 'send', bytes: nil });
    const one = await open();
    await settled(one);
    expect(rows(one)).toEqual(['', '']);
    const ref = { folder: 'INBOX', uidValidity: inbox().uidValidity, uid: 2 };
    expect((await one.source.readMessage?.(ref, new AbortController().signal))?.text).toBe('');
  });

  it('that a server stumbles over takes nothing from the others', async () => {
    await start();
    deliverMany(8, () => false);
    mail.faults.when(/^UID FETCH (3|\d+:[3-9]|[1-3]:\d+|\S*,3\b\S*) .*BODYSTRUCTURE/, {
      do: 'answer',
      status: 'NO Bad message',
    });
    const one = await open();
    await settled(one);
    expect(rows(one).map((words) => words !== '')).toEqual([true, true, false, true, true, true, true, true]);
  });
});

describe('a line', () => {
  it.each<[string, string | RegExp, string]>([
    ['a BYE as the token expires (Exchange)', 'UID FETCH', '* BYE Session invalidated - AccessTokenExpired\r\n'],
    ['a BAD without a tag', 'UID FETCH', '* BAD Command unknown\r\n'],
    ['bytes that are no IMAP', 'UID FETCH', '\x00\xff{99999999999}\r\n\r\n)(\r\n'],
  ])('with %s ends or goes on, and is never stuck', async (_, match, bytes) => {
    await start();
    deliverMany(3, () => false);
    mail.faults.when(match, { do: 'send', bytes }, { nth: 2 });
    account = new TestAccount({ port: mail.port });
    let ended = '';
    void account.source.ended.then((code) => {
      ended = code;
    });
    const { signal } = new AbortController();
    await account.source.open();
    const ref = { folder: 'INBOX', uidValidity: inbox().uidValidity, uid: 1 };
    for (let time = 0; time < 2; time += 1) await account.source.readMessage?.(ref, signal).catch(() => {});
    if (ended) await account.connect().open();
    expect(account.unread).toBe(3);
    expect((await account.source.readMessage?.(ref, signal))?.text).toBe('Text');
  });

  it('on which a FETCH trickles for ever is given up after a minute, and the next one works', async () => {
    await start();
    deliverMany(3, () => false);
    const one = await open();
    await settled(one);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    mail.faults.when('UID FETCH', { do: 'trickle', everyMilliseconds: 100 }, { nth: 1 });
    const asked = mail.transcript.next('UID FETCH');
    const check = one.source.check().then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    await asked;
    await vi.advanceTimersByTimeAsync(59_000);
    let ended = false;
    void one.source.ended.then(() => {
      ended = true;
    });
    await Promise.resolve();
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await check).toContain('timed-out');
    expect(await one.source.ended).toBe('timed-out');
    vi.useRealTimers();
    await one.connect().open();
    expect(one.unread).toBe(3);
  });

  it('on which news come before IDLE is granted hears them', async () => {
    await start();
    const one = await open();
    await settled(one);
    mail.faults.when('IDLE', { do: 'send-before', bytes: '* 1 EXISTS\r\n' }, { nth: 1 });
    await mail.transcript.next('IDLE');
    deliver('new');
    await one.untilUnread(1);
  });
});

describe('an IDLE that is granted and silent', () => {
  const POLL = 60_000;

  /** Time passes; what goes over the sockets takes its own. */
  async function pass(milliseconds: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** So that what waits for a short time over and over comes to its end too. */
  async function passSlowly(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 1_000) await pass(1_000);
  }

  it('is noticed by what the checks find, and the server polled from then on', async () => {
    await start();
    mail.faults.silentIdle = true;
    const one = await open();
    await settled(one);
    deliver('unheard 1');
    await one.source.check();
    deliver('unheard 2');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await one.source.check();
    expect(one.unread).toBe(2);
    deliver('polled for');
    await pass(POLL - 1_000);
    expect(one.unread).toBe(2);
    await pass(1_000);
    vi.useRealTimers();
    await one.untilUnread(3);
  });

  it('is noticed where only a look at all flags shows what has happened', async () => {
    await start();
    for (const subject of ['m1', 'm2']) deliver(subject);
    mail.faults.silentIdle = true;
    const one = await open();
    await settled(one);
    mail.faults.when('NOOP', { do: 'send', bytes: '{tag} OK\r\n' });
    inbox().setFlags(1, 'add', ['\\Seen']);
    await one.source.check();
    inbox().setFlags(2, 'add', ['\\Seen']);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await one.source.check();
    expect(one.unread).toBe(0);
    deliver('polled for');
    await passSlowly(POLL);
    vi.useRealTimers();
    await one.untilUnread(1);
  });

  it('is not blamed for what happens in folders that it does not listen in', async () => {
    await start(CAPABILITIES.filter((name) => name !== 'NOTIFY'));
    mail.store.account('anna').createFolder('Lists');
    const one = await open(['INBOX', 'Lists']);
    await settled(one);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    for (const subject of ['elsewhere 1', 'elsewhere 2', 'elsewhere 3']) {
      mail.store.account('anna').folder('Lists')?.deliver(`Subject: ${subject}\r\n\r\nText\r\n`, {});
      await one.source.check();
    }
    expect(one.unread).toBe(3);
    await passSlowly(5_000);
    mail.transcript.clear();
    await passSlowly(2 * POLL);
    expect(mail.transcript.commands().filter((command) => command !== 'IDLE')).toEqual([]);
  });
});
