import { expect, test } from 'vitest';
import { accountOf, type Draft, draftOf, sameBinding, typed } from '../../src/options/account-draft.ts';
import { account } from '../support/pages/content.ts';

const empty = draftOf(null);
const address = (text: string, draft: Draft = empty) => typed(draft, 'address', text);

test('an address gives the user name and a guess of the server', () => {
  expect(address('ann@example.org')).toMatchObject({ user: 'ann@example.org', host: 'imap.example.org' });
  expect(address('ann')).toMatchObject({ user: 'ann', host: '' });
  expect(address('ann@')).toMatchObject({ host: '' });
});

test('what the user has typed is never guessed over', () => {
  const draft = typed(typed(empty, 'host', 'mail.example.net'), 'user', 'ann');
  expect(address('ann@example.org', draft)).toMatchObject({ user: 'ann', host: 'mail.example.net' });
  const stored = draftOf(account('work', 'Work'));
  expect(address('other@example.com', stored)).toMatchObject({ user: 'work@example.org', host: 'imap.example.org' });
});

test('the port follows the encryption, unless it is one of the user’s own', () => {
  expect(typed(empty, 'security', 'starttls').port).toBe('143');
  expect(typed(typed(empty, 'security', 'starttls'), 'security', 'tls').port).toBe('993');
  expect(typed(typed(empty, 'port', '10993'), 'security', 'starttls').port).toBe('10993');
});

test('an account without a name is called by its address', () => {
  const made = accountOf(address(' ann@example.org '), 'id');
  expect(made).toEqual({
    id: 'id',
    protocol: 'imap',
    name: 'ann@example.org',
    address: 'ann@example.org',
    user: 'ann@example.org',
    server: { host: 'imap.example.org', port: 993, security: 'tls' },
  });
});

test('a stored password is bound to user, host, port and encryption, and to nothing else', () => {
  const before = account('work', 'Work');
  const { server } = before;
  expect(sameBinding(before, { ...before, name: 'Other', address: 'other@example.org' })).toBe(true);
  expect(sameBinding(before, { ...before, user: 'x' })).toBe(false);
  expect(sameBinding(before, { ...before, server: { ...server, host: 'x' } })).toBe(false);
  expect(sameBinding(before, { ...before, server: { ...server, port: 1 } })).toBe(false);
  expect(sameBinding(before, { ...before, server: { ...server, security: 'starttls' } })).toBe(false);
});

test('the chosen folders stay with the mailbox that they are of', () => {
  const before = account('work', 'Work', { folders: ['INBOX', 'Lists'] });
  const draft = draftOf(before);
  expect(accountOf(typed(draft, 'name', 'Office'), 'work', before).folders).toEqual(['INBOX', 'Lists']);
  expect(accountOf(typed(draft, 'host', 'imap.example.net'), 'work', before).folders).toBeUndefined();
});
