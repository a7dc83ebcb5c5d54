import { describe, expect, test } from 'vitest';
import { MAX_RECIPIENTS, readAddresses } from '../../../src/bridge/message/addresses.ts';
import { NO_CHARSET, utf8 } from './raw-bytes.ts';

/** `name|address` of each; a `!` in front marks a misleading one. */
function read(value: string): string[] {
  return readAddresses(value, NO_CHARSET).map(
    ({ name, address, misleading }) => `${misleading ? '!' : ''}${name}|${address}`,
  );
}

describe('well-formed lists', () => {
  test.each([
    ['', []],
    ['jdoe@example.org', ['|jdoe@example.org']],
    ['<jdoe@example.org>', ['|jdoe@example.org']],
    [' John Doe <jdoe@example.org> ', ['John Doe|jdoe@example.org']],
    ['"Joe Q. Public" <joe@example.com>, Who? <one@y.test>', ['Joe Q. Public|joe@example.com', 'Who?|one@y.test']],
    ['"Giant; \\"Big\\" Box" <s@example.net>', ['Giant; "Big" Box|s@example.net']],
    ['"Doe, John" <j@example.net>, a@b.test', ['Doe, John|j@example.net', '|a@b.test']],
    ['"a\\\\b" <j@example.net>', ['a\\b|j@example.net']],
    ['jdoe@[192.0.2.1], <j@[IPv6:2001:db8::1]>', ['|jdoe@[192.0.2.1]', '|j@[IPv6:2001:db8::1]']],
    ['"john doe"@example.com', ['|"john doe"@example.com']],
    ['<"john.doe"@example.com>', ['|john.doe@example.com']],
    ['<"a\\"b"@example.com>', ['|"a\\"b"@example.com']],
    ["o'neil+tag=x@sub.example.co.uk", ["|o'neil+tag=x@sub.example.co.uk"]],
  ])('%s', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

describe('comments', () => {
  test.each([
    ['jdoe@example.org (John Doe)', ['John Doe|jdoe@example.org']],
    ['John (the one) <jdoe@example.org> (work)', ['John (the one work)|jdoe@example.org']],
    ['Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', ['Pete (A nice ) chap)|pete@silly.test']],
    ['pete(his (nested (deep)) account)@silly.test', ['his (nested (deep)) account|pete@silly.test']],
    ['a@b.test (=?utf-8?q?J=C3=BCrgen?=)', ['Jürgen|a@b.test']],
    ['(only a comment)', []],
    ['John (Doe <a@b.test>', ['John (Doe|a@b.test']],
    ['John Doe) <a@b.test>', ['John Doe)|a@b.test']],
  ])('%s', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

describe('groups are their members', () => {
  test.each([
    [
      'A Group:Ed Jones <c@a.test>,joe@where.test,John <j@one.test>;',
      ['Ed Jones|c@a.test', '|joe@where.test', 'John|j@one.test'],
    ],
    ['Undisclosed recipients:;', ['Undisclosed recipients|']],
    ['(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;', ['Hidden recipients (Empty list start)|']],
    ['=?utf-8?q?Stra=C3=9Fe?=:;', ['Straße|']],
    ['A: a@x.test; "B": b@x.test, c@x.test; d@x.test', ['|a@x.test', '|b@x.test', '|c@x.test', '|d@x.test']],
    ['A: a@x.test, b@x.test', ['|a@x.test', '|b@x.test']],
    ['A: B: <b@x.test>;', ['B:|b@x.test']],
    [':;', []],
  ])('%s', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

describe('obsolete and broken forms', () => {
  test.each([
    ['route', 'Mary <@node.test,@b.test:mary@example.net>', ['Mary|mary@example.net']],
    ['spaces around dots', 'jdoe@test  . example', ['|jdoe@test.example']],
    ['spaces inside <>', '< jdoe @ example . net >', ['|jdoe@example.net']],
    ['comments inside <>', '<jdoe@machine(comment).  example>', ['|jdoe@machine.example']],
    ['empty members', 'a@x.test, , ,b@x.test,', ['|a@x.test', '|b@x.test']],
    ['dots in a phrase', 'Joe Q. Public <j@x.test>', ['Joe Q. Public|j@x.test']],
    ['missing >', 'John <a@x.test, Mary <b@x.test>', ['John|a@x.test', 'Mary|b@x.test']],
    ['missing > at the end', 'John <a@x.test', ['John|a@x.test']],
    ['doubled <>', '<<a@x.test>>', ['|a@x.test']],
    ['a stray >', 'a@x.test>, b@x.test', ['|a@x.test>'.replace('>', ''), '|b@x.test']],
    ['missing quote', '"John Doe <a@x.test>', ['John Doe|a@x.test']],
    ['missing quote after a name', 'John" <a@x.test>', ['John|a@x.test']],
    ['no <>', 'John Doe a@x.test', ['John Doe|a@x.test']],
    ['name after', '<a@x.test> John', ['John|a@x.test']],
    ['semicolons', 'a@x.test; b@x.test', ['|a@x.test', '|b@x.test']],
    ['comma in a name', 'Doe, John <a@x.test>', ['Doe, John|a@x.test']],
    ['comma in an encoded name', '=?utf-8?q?M=C3=BCller?=, Jo <a@x.test>', ['Müller, Jo|a@x.test']],
    ['comma after an encoded @', '=?utf-8?q?Doe@work?=, Jo <a@x.test>', ['!Doe@work, Jo|a@x.test']],
    ['a recipient without address', 'Someone, a@x.test', ['Someone|', '|a@x.test']],
    ['mailto', 'mailto:a@x.test', ['|a@x.test']],
    ['closing dot', 'a@x.test.', ['|a@x.test']],
    ['local user', '<root>', ['root|']],
    ['empty', '<>', []],
    ['a name and nothing', 'MAILER-DAEMON <>', ['MAILER-DAEMON|']],
  ])('%s', (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

describe('encoded words', () => {
  test.each([
    ['=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <k@x.test>', ['Keld Jørn Simonsen|k@x.test']],
    ['=?ISO-8859-1?Q?Andr=E9?= Pirard <p@x.test>', ['André Pirard|p@x.test']],
    ['=?utf-8?q?a?= =?utf-8?q?b?= <p@x.test>', ['ab|p@x.test']],
    ['=?utf-8?Q?Gr=C3?=\t=?utf-8?Q?=BC=C3=9Fe?= <p@x.test>', ['Grüße|p@x.test']],
    ['"=?utf-8?q?J=C3=BCrgen?=" <p@x.test>', ['Jürgen|p@x.test']],
    ['"Serge B, Chair" =?utf-8?b?4oSi?= conf <p@x.test>', ['Serge B, Chair ™ conf|p@x.test']],
    ['=?utf-8?Q?Doe,_John?= <p@x.test>', ['Doe, John|p@x.test']],
    ['=?utf-8?Q?Doe;:"(_J?= <p@x.test>', ['Doe;:"( J|p@x.test']],
    ['=?utf-8?B?RG9lLCBKb2huOyA8YT4=?= <p@x.test>', ['Doe, John; <a>|p@x.test']],
    ['=?koi8-r?B?8NLJ18XU?= <p@x.test>', ['Привет|p@x.test']],
    [`${utf8('Jürgen')} <p@x.test>`, ['Jürgen|p@x.test']],
    ['J\xfcrgen <p@x.test>', ['Jürgen|p@x.test']],
  ])('%s', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  test.each([
    ['the whole', '=?utf-8?b?YXR0YWNrZXJAZXZpbC5jb20=?=', ['!attacker@evil.com|']],
    ['the whole, in <>', '<=?utf-8?b?YXR0YWNrZXJAZXZpbC5jb20=?=>', ['=?utf-8?b?YXR0YWNrZXJAZXZpbC5jb20=?=|']],
    ['the local part', '=?utf-8?q?=40attacker.com?=@microsoft.com', ['!|=?utf-8?q?=40attacker.com?=@microsoft.com']],
    ['the domain', 'security@=?utf-8?q?bank.com?=', ['!security@bank.com|']],
    ['raw inside a word', '=?utf-8?q?ceo@bank.com?=', ['!ceo@bank.com|']],
    [
      'a name that is a list',
      '=?UTF-8?B?ImFkbWluQGJhbmsuY29tLCB4Ig==?= <evil@example.net>',
      ['!"admin@bank.com, x"|evil@example.net'],
    ],
    [
      'a name with an address and a line end',
      '=?utf-8?q?admin=40bank.com=3E=0D=0ABcc:_x?= <evil@example.net>',
      ['!admin@bank.com> Bcc: x|evil@example.net'],
    ],
  ])('never make an address: %s', (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

describe('hostile addresses', () => {
  test.each([
    ['two @', 'PayPal <service@paypal.com@evil.test>', ['!PayPal <service@paypal.com@evil.test>|']],
    ['an @ in quotes', '<"admin@bank.com"@evil.test>', ['!|"admin@bank.com"@evil.test']],
    ['two addresses', 'Ann <ann@bank.com> <x@evil.test>', ['!Ann <x@evil.test>|ann@bank.com']],
    ['a control character', '<a\x00b@x.test>', ['!|a\ufffdb@x.test']],
    ['a zero-width space', `<a@ex${utf8('\u200b')}ample.com>`, ['!|a@ex\ufffdample.com']],
    ['a bidi override', `<${utf8('\u202e')}moc.knab@x.test>`, ['!|\ufffdmoc.knab@x.test']],
    ['white space inside', '<john doe@x.test>', ['!john doe@x.test|']],
    ['too long', `Ann <${'a'.repeat(400)}@bank.com>`, [`!Ann <${'a'.repeat(59)}…|`]],
    ['bidi and NUL in a name', '=?utf-8?q?=E2=80=AEnnA=00?= <a@x.test>', ['nnA|a@x.test']],
  ])('%s', (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

describe('names beyond ASCII in addresses (RFC 6532)', () => {
  test.each([
    [utf8('Zoë <zoë@münchen.de>'), ['Zoë|zoë@münchen.de']],
    ['anna@xn--mnchen-3ya.de', ['|anna@münchen.de']],
    ['<x@xn--80ak6aa92e.com>', ['!|x@xn--80ak6aa92e.com']],
    [utf8('<x@pаypal.com>'), ['!|x@xn--pypal-4ve.com']],
  ])('%s', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });
});

test('keeps the first 200 of 10,000 recipients', () => {
  const value = Array.from({ length: 10_000 }, (_, index) => `User ${index} <user${index}@example.test>`).join(', ');
  const found = readAddresses(value, NO_CHARSET);
  expect(found).toHaveLength(MAX_RECIPIENTS);
  expect(found.at(-1)).toEqual({ name: 'User 199', address: 'user199@example.test', misleading: false });
});

test('a deeply nested comment is a comment', () => {
  expect(read(`a@x.test ${'('.repeat(20_000)}${')'.repeat(20_000)} b, c@x.test`)).toHaveLength(2);
});
