import { expect, it, vi } from 'vitest';
import { getMessage } from '../support/messages.ts';

vi.mock('webextension-polyfill', () => ({ default: { i18n: { getMessage, getUILanguage: () => 'en' }, action: {} } }));
const { badgeOf, brokenBadge, GRACE } = await import('../../src/background/badge.ts');

import type { BadgeFacts } from '../../src/background/badge.ts';
import type { Account, AccountStatus } from '../../src/model.ts';
import type { Link, OutboxRow } from '../../src/store.ts';
import { mailRow } from '../support/mail-rows.ts';

const NOW = 1_800_000_000_000;
const account = (id: string): Account => ({
  id,
  protocol: 'imap',
  name: `Name of ${id}`,
  address: '',
  user: 'u',
  server: { host: 'h', port: 993, security: 'tls' },
});
const status = (id: string, change: Partial<AccountStatus> = {}): AccountStatus => ({
  account: id,
  unread: 3,
  asOf: NOW,
  state: 'fresh',
  code: null,
  retryAt: null,
  can: { flags: 'server', folders: false, push: true, move: false },
  ...change,
});
const link = (change: Partial<Link> = {}): Link => ({
  state: 'ready',
  code: null,
  since: NOW - 60_000,
  port: 1,
  bridgeVersion: '1',
  ...change,
});
const badge = (change: Partial<BadgeFacts> = {}) =>
  badgeOf({
    accounts: [account('a')],
    statuses: [status('a')],
    outbox: [],
    link: link(),
    rows: [],
    now: NOW,
    ...change,
  });

it.each<[string, Partial<BadgeFacts>, string, string]>([
  ['what the bridge says', {}, '3', 'fresh'],
  ['nothing for zero', { statuses: [status('a', { unread: 0 })] }, '', 'fresh'],
  ['a cap', { statuses: [status('a', { unread: 100 })] }, '99+', 'fresh'],
  ['just below the cap', { statuses: [status('a', { unread: 99 })] }, '99', 'fresh'],
  [
    'the sum of all accounts',
    { accounts: [account('a'), account('b')], statuses: [status('a'), status('b', { unread: 4 })] },
    '7',
    'fresh',
  ],
  [
    'the last good number of an account that cannot be asked',
    { statuses: [status('a', { state: 'old', code: 'connection-lost' })] },
    '3?',
    'old',
  ],
  [
    'an old zero, never the mark alone',
    { statuses: [status('a', { state: 'old', unread: 0, code: 'connection-lost' })] },
    '0?',
    'old',
  ],
  ['an account that was never counted', { statuses: [status('a', { state: 'old', unread: null })] }, '…', 'old'],
  ['a wrong password', { statuses: [status('a', { state: 'needs-you', code: 'wrong-password' })] }, '3!', 'needs-you'],
  [
    'an account that is off counts for nothing',
    { accounts: [account('a'), account('b')], statuses: [status('a'), status('b', { state: 'off' })] },
    '3',
    'fresh',
  ],
  [
    'a link that was lost a moment ago',
    { link: link({ state: 'lost', code: 'bridge-unreachable', since: NOW - GRACE + 1 }) },
    '3',
    'fresh',
  ],
  [
    'a link that is lost',
    { link: link({ state: 'lost', code: 'bridge-unreachable', since: NOW - GRACE }) },
    '3?',
    'old',
  ],
  ['a link that was refused', { link: link({ state: 'refused', code: 'pairing-revoked' }) }, '3!', 'needs-you'],
  [
    'a pairing that cannot be read, however short ago',
    { link: link({ state: 'lost', code: 'storage-failed', since: NOW }) },
    '3!',
    'needs-you',
  ],
  [
    'the same before there is an account',
    { accounts: [], statuses: [], link: link({ state: 'lost', code: 'storage-failed', since: NOW }) },
    '!',
    'needs-you',
  ],
  ['not set up yet', { link: link({ state: 'unpaired' }) }, '', 'idle'],
  ['no account yet', { accounts: [], statuses: [] }, '', 'fresh'],
])('shows %s', (_, change, text, look) => {
  expect(badge(change)).toMatchObject({ text, look });
});

it('counts off what the outbox is about to change, and never counts rows', () => {
  const row = mailRow(1);
  const outbox: OutboxRow[] = [
    {
      id: 'o',
      created: 1,
      failed: null,
      operation: { kind: 'seen', account: 'a', folder: 'INBOX', uidValidity: 7, target: { uids: [1] } },
    },
  ];
  expect(badge({ rows: [row, { ...row, uid: 2 }], outbox }).text).toBe('2');
  expect(badge({ rows: [row, { ...row, uid: 2 }] }).text).toBe('3');
  expect(
    badge({ rows: [row], outbox: outbox.map((one) => ({ ...one, failed: 'server-refused' as const })) }).text,
  ).toBe('3');
});

it('is never empty where nothing can be read', () => {
  expect(brokenBadge()).toEqual({
    text: '!',
    look: 'needs-you',
    tooltip: 'Letterbox cannot open its storage. Restart the browser. If that does not help, its disk may be full.',
  });
});

it('has a line for each account in its tooltip', () => {
  const { tooltip } = badge({
    accounts: [account('a'), account('b')],
    statuses: [status('a'), status('b', { state: 'needs-you', code: 'wrong-password' })],
  });
  expect(tooltip.split('\n')).toHaveLength(2);
  expect(tooltip).toContain('Name of a');
  expect(tooltip).toMatch(/Name of b.*password/);
});
