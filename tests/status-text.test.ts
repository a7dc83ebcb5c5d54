import { describe, expect, test, vi } from 'vitest';
import type { Account, AccountStatus } from '../src/model.ts';
import { linkLine, statusLine } from '../src/status-text.ts';
import type { Link } from '../src/store.ts';

vi.mock('webextension-polyfill', async () => {
  const { getMessage } = await import('./support/messages.ts');
  return { default: { i18n: { getMessage, getUILanguage: () => 'en-GB' } } };
});

const account: Account = {
  id: 'a',
  protocol: 'imap',
  name: 'Work',
  address: 'ann@example.org',
  user: 'ann',
  server: { host: 'imap.example.org', port: 993, security: 'tls' },
};
const can = { flags: 'server', folders: true, push: true, move: true } as const;
const fresh: AccountStatus = { account: 'a', unread: 3, asOf: null, state: 'fresh', code: null, retryAt: null, can };
const ready: Link = { state: 'ready', code: null, since: 0, port: 27993, bridgeVersion: '1' };
const now = new Date(2026, 2, 12, 15, 0).getTime();
const asOf = new Date(2026, 2, 12, 14, 5).getTime();
const yesterday = new Date(2026, 2, 11, 14, 5).getTime();

describe('statusLine', () => {
  const cases: [string, AccountStatus | undefined, Link | null, string][] = [
    ['a true number', fresh, ready, 'Work: 3 unread'],
    ['zero', { ...fresh, unread: 0 }, ready, 'Work: Nothing unread'],
    ['thousands', { ...fresh, unread: 12345 }, ready, 'Work: 12,345 unread'],
    ['an old number says its age', { ...fresh, asOf, state: 'old' }, ready, 'Work: 3 unread, as of 14:05'],
    [
      'and why it is old',
      { ...fresh, asOf, state: 'old', code: 'connection-lost' },
      ready,
      'Work: 3 unread, as of 14:05. The connection to the mail server was lost.',
    ],
    [
      'with the day, when that was not today',
      { ...fresh, asOf: yesterday, state: 'old' },
      ready,
      'Work: 3 unread, as of 11/03/2026, 14:05',
    ],
    [
      'a lost bridge makes every number old',
      { ...fresh, asOf },
      { ...ready, state: 'lost' },
      'Work: 3 unread, as of 14:05',
    ],
    [
      'needs you',
      { ...fresh, asOf, state: 'needs-you', code: 'wrong-password' },
      ready,
      'Work: 3 unread, as of 14:05. The mail server does not accept the user name or the password.',
    ],
    ['never asked', { ...fresh, unread: null }, ready, 'Work: not counted yet'],
    ['never said by the bridge', undefined, ready, 'Work: not counted yet'],
    [
      'never asked with success',
      { ...fresh, unread: null, state: 'needs-you', code: 'password-missing' },
      ready,
      'Work: not counted yet. The password is missing.',
    ],
    ['switched off', { ...fresh, state: 'off' }, ready, 'Work: switched off'],
  ];
  test.each(cases)('%s', (_name, status, link, expected) => {
    expect(statusLine(account, status, link, now)).toBe(expected);
  });
});

describe('linkLine', () => {
  const cases: [string, Link | null, string | null][] = [
    ['nothing to say when it stands', ready, null],
    ['before the very first start', null, 'Letterbox is not connected to its bridge yet. Click to set it up.'],
    ['unpaired', { ...ready, state: 'unpaired' }, 'Letterbox is not connected to its bridge yet. Click to set it up.'],
    ['connecting', { ...ready, state: 'connecting' }, 'Connecting to the bridge…'],
    ['no bridge', { ...ready, state: 'lost' }, 'The bridge cannot be reached.'],
    [
      'refused, with a reason',
      { ...ready, state: 'refused', code: 'pairing-revoked' },
      'The bridge no longer accepts this browser.',
    ],
  ];
  test.each(cases)('%s', (_name, link, expected) => {
    expect(linkLine(link)).toBe(expected);
  });
});
