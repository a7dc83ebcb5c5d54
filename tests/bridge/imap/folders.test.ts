/** Accounts of which several folders count. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeConnectionBudget } from '../../../src/bridge/connection-budget.ts';
import { TestAccount } from '../../support/imap-account.ts';
import { Faults } from '../../support/mail-server/faults.ts';
import { CAPABILITIES, type MailServer, startMailServer } from '../../support/mail-server/mail-server.ts';

let mail: MailServer;
const accounts: TestAccount[] = [];

async function start(capabilities: readonly string[] = CAPABILITIES): Promise<void> {
  mail = await startMailServer({
    accounts: [
      { user: 'anna', password: 'pw' },
      { user: 'bert', password: 'pw' },
    ],
    security: 'none',
    faults: new Faults(),
    capabilities,
  });
  for (const name of ['Lists', 'Work/Übersicht']) mail.store.account('anna').createFolder(name);
}

afterEach(async () => {
  for (const one of accounts.splice(0)) await one.close();
  await mail.close();
});

const FOLDERS = ['INBOX', 'Lists', 'Work/Übersicht'];
const without = (...names: string[]) => CAPABILITIES.filter((name) => !names.includes(name));
const folder = (name: string) => mail.store.account('anna').folder(name);
const raw = (subject: string) => `Subject: ${subject}\r\nMessage-ID: <${subject}@example.test>\r\n\r\nText\r\n`;
const deliver = (subject: string, to: string, flags: string[] = []) => folder(to).deliver(raw(subject), { flags }).uid;

async function open(options: Partial<Parameters<typeof TestAccount.open>[0]> = {}): Promise<TestAccount> {
  const one = new TestAccount({ port: mail.port, folders: FOLDERS, ...options });
  accounts.push(one);
  await one.source.open();
  return one;
}

describe('the number', () => {
  it('is told when every folder was counted, and is their sum', async () => {
    await start();
    deliver('a', 'INBOX');
    deliver('b', 'Lists');
    deliver('c', 'Work/Übersicht');
    deliver('d', 'Trash');
    const one = new TestAccount({ port: mail.port, folders: FOLDERS });
    accounts.push(one);
    const told: (number | null)[] = [];
    one.source.onChange = ({ unread }) => void told.push(unread);
    await one.source.open();
    expect(new Set(told)).toEqual(new Set([null, 3]));
    expect(told.at(-1)).toBe(3);
  });

  it.each(['OBJECTID', 'X-GM-EXT-1'])(
    'counts a message in several folders once, by %s',
    async (capability) => {
      await start([...CAPABILITIES, capability]);
      for (const name of FOLDERS) for (let n = 0; n < 1100; n += 1) deliver(`m${n}`, name);
      deliver('only here', 'Lists');
      const one = await open();
      expect(one.unread).toBe(1101);
      expect(new Set(one.rows('Lists').map(({ emailId }) => emailId)).size).toBe(one.rows('Lists').length);
      const { uid } = folder('INBOX').deliver(raw('new'));
      await one.untilUnread(1102);
      folder('INBOX').setFlags(uid, 'add', ['\\Seen']);
      await one.untilUnread(1101);
    },
    30_000,
  );

  it('without such an id counts what is there', async () => {
    await start();
    for (const name of FOLDERS) deliver('same', name);
    expect((await open()).unread).toBe(3);
  });

  it('goes on without a folder that is gone', async () => {
    await start();
    deliver('a', 'INBOX');
    deliver('b', 'Lists');
    const one = await open({ folders: ['INBOX', 'Nowhere', 'Lists'] });
    expect(one.unread).toBe(2);
  });
});

describe.each<[string, readonly string[]]>([
  ['LIST-STATUS', CAPABILITIES],
  ['STATUS alone', without('LIST-STATUS', 'LIST-EXTENDED')],
  ['STATUS and no mod-sequences', without('LIST-STATUS', 'CONDSTORE')],
])('other folders, looked at by %s', (_, capabilities) => {
  it('are looked at after news in the one listened in, and on request', async () => {
    await start(capabilities);
    const one = await open();
    const marked = deliver('b', 'Lists');
    deliver('c', 'Work/Übersicht');
    deliver('a', 'INBOX');
    await one.untilUnread(3);
    expect(one.subjects('Work/Übersicht')).toEqual(['c']);
    // The first look may have been that of the opening; from here on it is news that lead to one.
    deliver('d', 'Lists');
    deliver('e', 'INBOX');
    await one.untilUnread(5);
    folder('Lists').setFlags(marked, 'add', ['\\Seen']);
    await one.source.check();
    expect(one.unread).toBe(4);
    folder('Work/Übersicht').remove(1);
    await one.source.check();
    expect([one.unread, one.subjects('Work/Übersicht')]).toEqual([3, []]);
  }, 20_000);
});

describe('connections', () => {
  const signIns = () => mail.transcript.commands('AUTHENTICATE').length;

  it('are two at the most, and news are heard while the second is at work', async () => {
    await start();
    deliver('b', 'Lists');
    const one = await open();
    expect(mail.connections).toBe(1);
    one.letSignInsPass();
    mail.faults.when(/UID FETCH 1 .*Reply-To/, { do: 'delay', milliseconds: 400 });
    const ref = { folder: 'Lists', uidValidity: folder('Lists').uidValidity, uid: 1 };
    const { signal } = new AbortController();
    let read = 0;
    const reading = [1, 2, 3].map(async () => {
      await one.source.readMessage?.(ref, signal);
      read += 1;
    });
    deliver('a', 'INBOX');
    await one.until(() => one.subjects().includes('a'), 'news');
    expect(read).toBe(0);
    await Promise.all(reading);
    expect([mail.connections, signIns()]).toEqual([2, 2]);
  });

  it('are one where the server allows no more; everything is done on it', async () => {
    await start();
    const uid = deliver('b', 'Lists');
    const one = await open();
    one.letSignInsPass();
    mail.faults.signInAnswer = 'NO [LIMIT] Too many connections';
    const ref = { folder: 'Lists', uidValidity: folder('Lists').uidValidity, uid };
    const content = await one.source.readMessage?.(ref, new AbortController().signal);
    expect(content?.text).toBe('Text');
    await one.source.mark({ kind: 'seen', account: 'a', ...ref, target: { uids: [uid] } });
    expect(one.unread).toBe(0);
    expect(mail.connections).toBe(1);
    deliver('a', 'INBOX');
    await one.untilUnread(1);
    // Asked once, and not again for this line.
    expect(signIns()).toBe(2);
  });

  it('of several accounts share what a host has shown to allow', async () => {
    await start();
    const uid = deliver('b', 'Lists');
    const budget = makeConnectionBudget(Date.now);
    const one = await open({ budget });
    mail.faults.signInAnswer = 'NO [LIMIT] Too many connections';
    const other = new TestAccount({ port: mail.port, user: 'bert', budget });
    accounts.push(other);
    await expect(other.source.open()).rejects.toThrow('server-busy');
    mail.faults.signInAnswer = null;
    const before = signIns();
    const ref = { folder: 'Lists', uidValidity: folder('Lists').uidValidity, uid };
    expect((await one.source.readMessage?.(ref, new AbortController().signal))?.text).toBe('Text');
    expect(signIns()).toBe(before);
    expect(() => other.connect()).toThrow('server-busy');
  });

  it('are one while a second sign-in would leave none for a line that dies', async () => {
    await start();
    const uid = deliver('b', 'Lists');
    const one = await open();
    const ref = { folder: 'Lists', uidValidity: folder('Lists').uidValidity, uid };
    expect((await one.source.readMessage?.(ref, new AbortController().signal))?.text).toBe('Text');
    expect([mail.connections, one.account.pause()]).toEqual([1, 0]);
  });

  it('are asked for no more than twice in two minutes', async () => {
    await start();
    let clock = 1_000_000;
    const one = await open({ now: () => clock });
    expect(one.account.pause()).toBe(0);
    await one.reopen();
    expect(one.account.pause()).toBe(120_000);
    clock += 119_999;
    expect(one.account.pause()).toBe(1);
    clock += 1;
    expect(one.account.pause()).toBe(0);
    clock -= 3600_000;
    expect(one.account.pause()).toBe(0);
  });
});

describe('what a folder is for', () => {
  it('is known by its attribute in any case, and by its name in the common languages', async () => {
    await start();
    const anna = mail.store.account('anna');
    for (const name of ['Drafts', 'Sent', 'Trash', 'Junk', 'Archive']) anna.deleteFolder(name);
    anna.createFolder('Corbeille', '\\trash');
    anna.createFolder('Gesendete Objekte');
    anna.createFolder('Entwürfe');
    anna.createFolder('Spam');
    anna.createFolder('Archiv');
    const one = await open();
    await one.until(() => one.folders.length > 0, 'folders');
    expect(Object.fromEntries(one.folders.map(({ path, role }) => [path, role]))).toEqual({
      INBOX: 'inbox',
      Corbeille: 'trash',
      'Gesendete Objekte': 'sent',
      Entwürfe: 'drafts',
      Spam: 'junk',
      Archiv: 'archive',
      Lists: null,
      'Work/Übersicht': null,
    });
  });
});
