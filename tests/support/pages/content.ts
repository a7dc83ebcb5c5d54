/** Believable things to show. Times are relative to now, since the pages show them so. */
import type { MessageContent } from '../../../src/message-content.ts';
import type { Account, AccountStatus, Address, Message } from '../../../src/model.ts';
import type { Content, Link, Mailbox, OutboxRow } from '../../../src/store.ts';
import { mailRow } from '../mail-rows.ts';
import type { Seed } from './seed.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function link(rest: Partial<Link> = {}): Link {
  return { state: 'ready', code: null, since: Date.now() - HOUR, port: 27993, bridgeVersion: '0.1.0', ...rest };
}

export function account(id: string, name: string, rest: Partial<Account> = {}): Account {
  const address = `${id}@example.org`;
  const server = { host: 'imap.example.org', port: 993, security: 'tls' } as const;
  return { id, protocol: 'imap', name, address, user: address, server, ...rest };
}

export function status(id: string, unread: number | null, rest: Partial<AccountStatus> = {}): AccountStatus {
  const can = { flags: 'server', folders: true, push: true, move: true } as const;
  const asOf = unread === null ? null : Date.now() - 5 * MINUTE;
  return { account: id, unread, asOf, state: 'fresh', code: null, retryAt: null, can, ...rest };
}

export function mailbox(id: string): Mailbox {
  return { account: id, folder: 'INBOX', epoch: 'e', revision: 1, uidValidity: 7, low: 1 };
}

export function from(name: string, address: string, misleading = false): Address {
  return { name, address, misleading };
}

export function message(id: string, uid: number, rest: Partial<Message> = {}): Message {
  return mailRow(uid, {
    account: id,
    messageId: `<${uid}@example.org>`,
    from: from('Ann Miller', 'ann@example.org'),
    subject: `Message ${uid}`,
    date: Date.now() - (10_000 - uid) * MINUTE,
    size: 4000,
    ...rest,
  });
}

export function failed(id: string, operation: OutboxRow['operation'], code: OutboxRow['failed']): OutboxRow {
  return { id, operation, created: Date.now(), failed: code };
}

/** A dozen rows of every kind; four are unread. */
export function inbox(id: string): Message[] {
  const ago = (hours: number) => Date.now() - hours * HOUR;
  const rows: Partial<Message>[] = [
    {
      from: from('Ann Miller', 'ann@example.org'),
      subject: 'Dinner on Friday?',
      date: ago(0.1),
      snippet: 'Shall we try the new place by the river? I could book a table for eight, and Tom would join us',
      hasAttachments: true,
    },
    {
      from: from('', 'build@ci.example.net'),
      subject: 'Build 1482 has failed',
      date: ago(0.4),
      snippet: '2 of 310 tests failed: see the report',
    },
    {
      from: from('service@bank.example', 'x93@mailer.example.net', true),
      subject: 'Your account has been limited',
      date: ago(0.6),
    },
    {
      from: from('Åsa Öberg', 'asa@example.se'),
      subject: 'Re: Minutes of the board',
      date: ago(2),
      answered: true,
      seen: true,
    },
    { from: from('City Library', 'loans@library.example'), subject: '', date: ago(3), seen: true },
    {
      from: from('Very Long Department Name of an Even Longer Organisation', 'office@long.example'),
      subject: 'A subject that goes on and on, far beyond what any list could ever show in one line of its own '.repeat(
        3,
      ),
      date: ago(26),
      flagged: true,
    },
    { from: null, subject: 'From nobody', date: ago(30), seen: true },
    {
      from: from('山田太郎', 'taro@example.jp'),
      subject: '会議の件について',
      date: ago(50),
      seen: true,
      snippet: '来週の会議の件でご連絡いたします',
    },
    {
      from: from('دانا', 'dana@example.com'),
      subject: 'مرحبا بكم في النشرة',
      date: ago(80),
      seen: true,
      snippet: 'شكرا لاشتراككم',
    },
    { from: from('Newsletter', 'news@shop.example'), subject: '🎉 Everything must go', date: ago(24 * 9), seen: true },
    {
      from: from('Bob', 'bob@example.org'),
      subject: 'Photos',
      date: ago(24 * 40),
      seen: true,
      flagged: true,
      answered: true,
    },
    { from: from('Old Friend', 'old@example.org'), subject: 'Long time no see', date: ago(24 * 500), seen: true },
  ];
  return rows.map((rest, n) => message(id, 100 - n, rest));
}

/** What is read of a message. */
export function content(rest: Partial<MessageContent> = {}): MessageContent {
  return {
    from: null,
    sender: null,
    to: [],
    cc: [],
    replyTo: [],
    subject: '',
    date: null,
    text: 'Hello,\n\nshall we try the new place by the river?\n\n> On Monday you wrote:\n> Where to?\n\nAnn',
    links: [],
    html: null,
    inlineImages: [],
    attachments: [],
    cut: false,
    code: null,
    ...rest,
  };
}

/** A message as it is kept once it was opened. */
export function opened(id: string, uid: number, rest: Partial<MessageContent> = {}): Content {
  return { account: id, folder: 'INBOX', uidValidity: 7, uid, content: content(rest), bytes: 1, usedAt: 1 };
}

/** One account as it is on a good day. */
export function oneAccount(): Seed {
  return {
    link: link(),
    accounts: [account('work', 'Work')],
    statuses: [status('work', 4)],
    mailboxes: [mailbox('work')],
    messages: inbox('work'),
    outbox: [],
  };
}

/** Three accounts: one is well, one may be old, one needs the user. */
export function threeAccounts(): Seed {
  const seen = inbox('club').map((row) => ({ ...row, seen: true }));
  return {
    link: link(),
    accounts: [account('work', 'Work'), account('home', 'ann.miller@home.example'), account('club', 'Chess club')],
    statuses: [
      status('work', 4),
      status('home', 4, { state: 'old', code: 'connection-lost', retryAt: Date.now() + 3 * MINUTE }),
      status('club', 0, { state: 'needs-you', code: 'wrong-password' }),
    ],
    mailboxes: ['work', 'home', 'club'].map(mailbox),
    messages: [...inbox('work'), ...inbox('home'), ...seen],
    outbox: [],
  };
}

/** `count` rows, every third unread. */
export function manyMessages(count: number): Seed {
  const messages = Array.from({ length: count }, (_, n) => message('work', n + 1, { seen: n % 3 !== 0 }));
  return {
    ...oneAccount(),
    messages,
    statuses: [status('work', messages.filter((row) => !row.seen).length)],
  };
}
