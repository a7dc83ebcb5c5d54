/** What the user does, on servers that have the commands for it and on servers that have not. */
import { afterEach, describe, expect, it } from 'vitest';
import type { MarkKind, RemoveKind, RemoveOperation } from '../../../src/model.ts';
import { TestAccount } from '../../support/imap-account.ts';
import { Faults } from '../../support/mail-server/faults.ts';
import { CAPABILITIES, type MailServer, startMailServer } from '../../support/mail-server/mail-server.ts';

let mail: MailServer;
let account: TestAccount;

async function start(capabilities: readonly string[] = CAPABILITIES, folders?: string[]): Promise<void> {
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: 'pw' }],
    security: 'none',
    faults: new Faults(),
    capabilities,
  });
  for (const n of [1, 2, 3, 4]) deliver(`m${n}`);
  account = await TestAccount.open({ port: mail.port, ...(folders ? { folders } : {}) });
}

afterEach(async () => {
  await account.close();
  await mail.close();
});

const without = (...names: string[]) => CAPABILITIES.filter((name) => !names.includes(name));
const folder = (name: string) => mail.store.account('anna').folder(name);
const inbox = () => folder('INBOX');

function deliver(subject: string, to = inbox()): number {
  return to.deliver(`Subject: ${subject}\r\nMessage-ID: <${subject}@example.test>\r\n\r\nText of ${subject}\r\n`).uid;
}

const subjectsIn = (name: string) =>
  folder(name).messages.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1]);

const mark = (kind: MarkKind, target: { uids: number[] } | { upTo: number }, uidValidity = inbox().uidValidity) =>
  account.source.mark({ kind, account: 'a', folder: 'INBOX', uidValidity, target });

function remove(kind: RemoveKind, uids: number[], rest: Partial<RemoveOperation> = {}, again = false): Promise<void> {
  const from = rest.folder ?? 'INBOX';
  const { uidValidity } = folder(from);
  const operation: RemoveOperation = { kind, account: 'a', folder: from, uidValidity, target: { uids }, ...rest };
  return account.source.remove?.(operation, again) ?? Promise.reject(new Error('cannot remove'));
}

describe('a mark', () => {
  it.each<[MarkKind, string, boolean]>([
    ['seen', '\\Seen', true],
    ['unseen', '\\Seen', false],
    ['star', '\\Flagged', true],
    ['unstar', '\\Flagged', false],
  ])('%s reaches the server, and nothing else does', async (kind, flag, on) => {
    await start();
    inbox().setFlags([1, 2, 3, 4], 'set', on ? ['\\Answered', 'custom'] : ['\\Answered', 'custom', flag]);
    mail.transcript.clear();
    await mark(kind, { uids: [1, 2, 4] });
    expect(inbox().messages.map(({ flags }) => flags.has(flag))).toEqual([on, on, !on, on]);
    expect(inbox().messages.every(({ flags }) => flags.has('\\Answered') && flags.has('custom'))).toBe(true);
    expect(mail.transcript.commands('UID STORE')).toHaveLength(1);
    expect(account.row(1)).toMatchObject(flag === '\\Seen' ? { seen: on } : { flagged: on });
  });

  it('on a thousand messages takes a handful of commands', async () => {
    await start();
    for (let n = 0; n < 1000; n += 1) deliver(`x${n}`);
    await account.untilUnread(1004);
    const uids = inbox()
      .messages.map(({ uid }) => uid)
      .filter((uid) => uid % 3 !== 0);
    mail.transcript.clear();
    await mark('seen', { uids });
    expect(account.unread).toBe(1004 - uids.length);
    expect(mail.transcript.commands('UID STORE').length).toBeLessThanOrEqual(5);
    expect(mail.transcript.commands('UID FETCH').filter((text) => text.includes('FLAGS')).length).toBeLessThanOrEqual(
      5,
    );
  });

  it('finds the same messages after they were renumbered; a removal does not', async () => {
    await start();
    for (const n of [5, 6, 7, 8, 9, 10]) deliver(`m${n}`);
    await account.untilUnread(10);
    const before = inbox().uidValidity;
    await account.source.close();
    inbox().remove(1);
    inbox().rebuild();
    await account.connect().open();
    await mark('seen', { uids: [3] }, before);
    expect(inbox().message(2)?.flags.has('\\Seen')).toBe(true);
    expect(subjectsIn('INBOX')[1]).toBe('m3');
    await expect(mark('seen', { uids: [1] }, before)).rejects.toThrow('mailbox-changed');
    await expect(mark('seen', { upTo: 10 }, before)).rejects.toThrow('mailbox-changed');
    await expect(remove('trash', [3], { uidValidity: before })).rejects.toThrow('mailbox-changed');
    expect(subjectsIn('INBOX')).toHaveLength(9);
  });
});

describe.each<[string, readonly string[]]>([
  ['MOVE', CAPABILITIES],
  ['UIDPLUS and no MOVE', without('MOVE')],
])('with %s', (_, capabilities) => {
  it.each<[RemoveKind, string]>([
    ['archive', 'Archive'],
    ['trash', 'Trash'],
    ['spam', 'Junk'],
  ])('%s moves to %s, with the flags, and takes nothing that others have marked', async (kind, to) => {
    await start(capabilities);
    inbox().setFlags(2, 'add', ['\\Flagged']);
    inbox().setFlags(4, 'add', ['\\Deleted']);
    await account.untilUnread(3);
    await remove(kind, [1, 2]);
    expect([subjectsIn('INBOX'), subjectsIn(to)]).toEqual([
      ['m3', 'm4'],
      ['m1', 'm2'],
    ]);
    expect(folder(to).messages[1]?.flags.has('\\Flagged')).toBe(true);
    expect(account.unread).toBe(1);
    expect(account.row(1)).toBeUndefined();
  });

  it('moves to a folder, and out of spam', async () => {
    await start(capabilities, ['INBOX', 'Junk']);
    mail.store.account('anna').createFolder('Projekte/Übersicht');
    await remove('move', [3], { to: 'Projekte/Übersicht' }).catch(() => {});
    await account.source.check();
    await remove('move', [3], { to: 'Projekte/Übersicht' });
    expect(subjectsIn('Projekte/Übersicht')).toEqual(['m3']);
    deliver('no spam', folder('Junk'));
    await remove('not-spam', [1], { folder: 'Junk' });
    expect([subjectsIn('Junk'), subjectsIn('INBOX')]).toEqual([[], ['m1', 'm2', 'm4', 'no spam']]);
  });

  it('deletes for good from the trash alone, and what was named alone', async () => {
    await start(capabilities, ['INBOX', 'Trash']);
    for (const n of [1, 2, 3]) deliver(`old ${n}`, folder('Trash'));
    folder('Trash').setFlags(3, 'add', ['\\Deleted']);
    await remove('delete', [1], { folder: 'Trash' });
    expect(subjectsIn('Trash')).toEqual(['old 2', 'old 3']);
    await expect(remove('delete', [1])).rejects.toThrow('unsupported');
    expect(subjectsIn('INBOX')).toHaveLength(4);
    expect(mail.transcript.commands('EXPUNGE')).toEqual([]);
  });

  it('makes the folder where there is none', async () => {
    await start(capabilities);
    mail.store.account('anna').deleteFolder('Archive');
    await account.source.check();
    await remove('archive', [1]);
    expect(subjectsIn('Archive')).toEqual(['m1']);
    await account.until(() => account.folders.some(({ path }) => path === 'Archive'), 'the new folder');
  });
});

describe('without MOVE and UIDPLUS', () => {
  it('nothing is expunged: what was moved is copied and stays marked as deleted', async () => {
    await start(without('MOVE', 'UIDPLUS'));
    inbox().setFlags(4, 'add', ['\\Deleted']);
    await remove('trash', [1]);
    expect(subjectsIn('Trash')).toEqual(['m1']);
    expect(subjectsIn('INBOX')).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(inbox().message(1)?.flags.has('\\Deleted')).toBe(true);
    expect(account.row(1)).toBeUndefined();
    expect(account.unread).toBe(2);
  });

  it('nothing is deleted for good: it could not be named', async () => {
    await start(without('MOVE', 'UIDPLUS'), ['INBOX', 'Trash']);
    deliver('old', folder('Trash'));
    await expect(remove('delete', [1], { folder: 'Trash' })).rejects.toThrow('unsupported');
    expect(folder('Trash').messages[0]?.flags.has('\\Deleted')).toBe(false);
  });
});

describe('a removal that is tried again', () => {
  it('by MOVE is done once', async () => {
    await start();
    await remove('trash', [1]);
    await remove('trash', [1], {}, true);
    expect([subjectsIn('INBOX'), subjectsIn('Trash')]).toEqual([['m2', 'm3', 'm4'], ['m1']]);
  });

  it('by COPY finds what it has copied already', async () => {
    await start(without('MOVE'));
    // The copy is made, its answer lost.
    mail.faults.when('UID COPY', { do: 'cut-answer', afterBytes: 0 }, { nth: 1 });
    await expect(remove('trash', [1, 2])).rejects.toThrow('connection-lost');
    expect(subjectsIn('Trash')).toEqual(['m1', 'm2']);
    await account.connect().open();
    await remove('trash', [1, 2, 3], {}, true);
    expect([subjectsIn('INBOX'), subjectsIn('Trash')]).toEqual([['m4'], ['m1', 'm2', 'm3']]);
  });

  it('by COPY finds what the server has made longer by notes of its own (mailutils)', async () => {
    await start(without('MOVE'));
    const [{ raw, internalDate } = { raw: '', internalDate: new Date() }] = inbox().messages;
    folder('Archive').deliver(`X-Note: 1\r\n${raw}`, { date: internalDate });
    await remove('archive', [1], {}, true);
    expect(folder('Archive').messages).toHaveLength(1);
    expect(subjectsIn('INBOX')).not.toContain('m1');
  });

  it('a message of the same Message-ID and another size is no copy', async () => {
    await start(without('MOVE'));
    folder('Trash').deliver('Subject: forged\r\nMessage-ID: <m1@example.test>\r\n\r\nNot the same\r\n');
    await remove('trash', [1], {}, true);
    expect(subjectsIn('Trash')).toEqual(['forged', 'm1']);
  });
});

describe('what is moved', () => {
  it('goes from spam to INBOX, whatever the list of folders says', async () => {
    await start();
    const uid = deliver('no spam', folder('Junk'));
    mail.store.account('anna').folder('INBOX');
    mail.faults.when('LIST', { do: 'send', bytes: '* LIST (\\Noselect) "/" INBOX\r\n{tag} OK Done\r\n' });
    await account.source.check();
    await remove('not-spam', [uid], { folder: 'Junk' });
    expect(subjectsIn('INBOX')).toContain('no spam');
  });

  it('finds its folder, which somebody else has made at the same moment', async () => {
    await start();
    mail.store.account('anna').deleteFolder('Trash');
    await account.source.check();
    mail.faults.when('CREATE', { do: 'answer', status: 'NO CREATE already exists' });
    const made = mail.transcript.next('CREATE').then(() => mail.store.account('anna').createFolder('Trash'));
    await Promise.all([remove('trash', [1]), made]);
    expect(subjectsIn('Trash')).toEqual(['m1']);
  });

  it('shows at once in a folder that counts, though the server tells of it late', async () => {
    await start(CAPABILITIES, ['INBOX', 'Archive']);
    mail.faults.silentIdle = true;
    await remove('archive', [1]);
    expect(account.subjects('Archive')).toEqual(['m1']);
    expect(account.unread).toBe(4);
  });
});

describe('what a server refuses', () => {
  it.each<[string, string, string]>([
    ['a read-only mailbox', 'NO [NOPERM] Read only', 'server-refused'],
    ['a folder that went meanwhile', 'NO [TRYCREATE] No such mailbox', 'folder-missing'],
    ['no time', 'NO [LIMIT] Rate limit hit', 'server-busy'],
  ])('%s ends in a code, and the row stays', async (_, answer, code) => {
    await start();
    mail.faults.when('UID MOVE', { do: 'answer', status: answer });
    await expect(remove('trash', [1])).rejects.toThrow(code);
    expect(account.row(1)?.subject).toBe('m1');
    await account.source.check();
    expect(account.row(1)?.subject).toBe('m1');
  });
});

it("Gmail's way of archiving: out of the inbox, into All Mail", async () => {
  await start([...CAPABILITIES, 'X-GM-EXT-1']);
  mail.store.account('anna').deleteFolder('Archive');
  mail.store.account('anna').createFolder('[Gmail]/Alle Nachrichten', '\\All');
  await account.source.check();
  await remove('archive', [2]);
  expect(subjectsIn('[Gmail]/Alle Nachrichten')).toEqual(['m2']);
});

it("Exchange's way of archiving: a folder that is found by its name", async () => {
  await start(without('SPECIAL-USE'));
  await remove('archive', [2]);
  await remove('trash', [3]);
  expect([subjectsIn('Archive'), subjectsIn('Trash')]).toEqual([['m2'], ['m3']]);
});
