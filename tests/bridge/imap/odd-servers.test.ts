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
