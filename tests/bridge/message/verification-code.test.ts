import { describe, expect, test } from 'vitest';
import { findVerificationCode } from '../../../src/bridge/message/verification-code.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { growth, LINEAR } from './growth.ts';
import { WITH_CODE, WITHOUT_CODE } from './verification-messages.ts';

test('sixty messages in many languages', () => {
  expect(WITH_CODE.length).toBeGreaterThanOrEqual(60);
  expect(new Set(WITH_CODE.map(([language]) => language)).size).toBeGreaterThanOrEqual(35);
});

describe('finds the code', () => {
  test.each(WITH_CODE)('%s: %s', (_, subject, text, code) => {
    expect(findVerificationCode(subject, text)).toBe(code);
  });
});

describe('finds none', () => {
  test.each(WITHOUT_CODE)('%s: %s', (_, subject, text) => {
    expect(findVerificationCode(subject, text)).toBeNull();
  });
});

test('whatever it finds is a code', () => {
  const random = seededRandom(11);
  const words = [...WITH_CODE, ...WITHOUT_CODE].flatMap(([, subject, text]) => `${subject}\n${text}`.split(/(\s+)/));
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 80 }, () => words[Math.floor(random() * words.length)]).join('');
    expect(findVerificationCode('', text) ?? '0000').toMatch(
      /^(?:\d{4,8}|[A-Z0-9]{5,10}|[A-Z0-9]{3,5}-[A-Z0-9]{3,5})$/,
    );
  }
});

test.each([
  '1',
  '123456 ',
  '123 456 ',
  'code ',
  'code: 123456\n',
  'a',
  '*',
  'A1',
  ' ',
  '\n',
  '@',
  'verification ',
  '验证码',
  'code\n1234\n',
  '1 ',
  'www.',
  'x@',
])('many %j take no more time than their number says', (piece) => {
  const make = (size: number) => piece.repeat(size / piece.length);
  expect(growth(2 ** 17, make, (text) => findVerificationCode(text, text))).toBeLessThan(LINEAR);
});
