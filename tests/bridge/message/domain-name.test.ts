import { domainToUnicode } from 'node:url';
import { describe, expect, test } from 'vitest';
import { displayDomain } from '../../../src/bridge/message/domain-name.ts';
import { decodePunycode, encodePunycode } from '../../../src/bridge/message/punycode.ts';

describe('shown as letters', () => {
  test.each([
    ['xn--mnchen-3ya.de', 'münchen.de'],
    ['XN--MNCHEN-3YA.de', 'münchen.de'],
    ['xn--e1afmkfd.xn--p1ai', 'пример.рф'],
    ['xn--fsqu00a.xn--0zwm56d', '例子.测试'],
    ['xn--r8jz45g.jp', '例え.jp'],
    ['xn--9n2bp8q.kr', '실례.kr'],
    ['xn--mgbh0fb.xn--kgbechtv', 'مثال.إختبار'],
    ['MÜNCHEN.de', 'münchen.de'],
    ['mu\u0308nchen.de', 'münchen.de'],
    // every letter looks Latin, but the top-level domain says that Cyrillic is meant
    ['хор.рф', 'хор.рф'],
  ])('%s', (domain, shown) => {
    expect(displayDomain(domain)).toBe(shown);
  });
});

describe('shown as it is written in ASCII', () => {
  test.each([
    ['example.com', 'example.com'],
    ['NRI.Reston.VA.US', 'NRI.Reston.VA.US'],
    ['[IPv6:2001:db8::1]', '[IPv6:2001:db8::1]'],
    ['all letters look Latin', 'xn--80ak6aa92e.com', 'xn--80ak6aa92e.com'],
    ['Cyrillic in Latin', 'pаypal.com', 'xn--pypal-4ve.com'],
    ['Greek in Latin', 'gοogle.com', `xn--${encodePunycode('gοogle')}.com`],
    ['phonetic letters', 'ɡoogle.com', 'xn--oogle-qmc.com'],
    ['a rare script', '𐌰𐌱.com', `xn--${encodePunycode('𐌰𐌱')}.com`],
    ['ASCII in disguise', 'xn--paypal-.com', 'xn--paypal-.com'],
    ['rubbish', 'xn--99999999.com', 'xn--99999999.com'],
    ['a slash look-alike', 'bank.com⁄x.evil.test', `bank.xn--${encodePunycode('com⁄x')}.evil.test`],
    ['an emoji', 'xn--i-7iq.ws', 'xn--i-7iq.ws'],
  ])('%s', (...row) => {
    expect(displayDomain(row.at(-2) ?? '')).toBe(row.at(-1));
  });
});

describe('punycode (RFC 3492 section 7.1)', () => {
  test.each([
    ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
    ['почемужеонинеговорятпорусски', 'b1abfaaepdrnnbgefbadotcwatmq2g4l'],
    ['3年b組金八先生', '3b-ww4c5e180e575a65lsy2b'],
    ['パフィーdeルンバ', 'de-jg4avhby1noc0d'],
    ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
  ])('%s', (letters, ascii) => {
    expect(encodePunycode(letters)).toBe(ascii);
    expect(decodePunycode(ascii)).toBe(letters);
  });

  test.each(['é', '99999999', 'a\x00', '-'.repeat(64), 'a'.repeat(64)])('%j is none', (text) => {
    expect(decodePunycode(text)).toBeNull();
  });

  test("agrees with the system's reading", () => {
    for (const label of [
      'faß',
      'bücher',
      'żółć',
      'ελλάδα',
      'россия',
      'ישראל',
      '中国',
      '日本語',
      '대한민국',
      'भारत',
      'ไทย',
    ])
      expect(domainToUnicode(`xn--${encodePunycode(label)}.test`)).toBe(`${label}.test`);
  });
});
