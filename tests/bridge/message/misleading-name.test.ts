import { expect, test } from 'vitest';
import { isMisleading } from '../../../src/bridge/message/misleading-name.ts';

test.each([
  ['support@bank.com', 'x@evil.test'],
  ['Ann <ann@bank.com>', 'ann@evil.test'],
  ['ann@bank.com via List', 'list@example.net'],
  ['ann＠bank．com', 'x@evil.test'],
  ['@bank', 'x@evil.test'],
  ['ann@bank.com', ''],
  ['bank.com', ''],
  ['PayPal.com', 'x@evil.test'],
  ['paypal․com', 'x@evil.test'],
  ['paypal。com', 'x@evil.test'],
  ['Service from www.paypal.com', 'x@evil.test'],
  ['paypal.com', 'x@notpaypal.com'],
  ['paypal.com', 'x@paypal.com.evil.test'],
  ['amazon.de', 'x@amazon.com'],
  // one Cyrillic letter
  ['Pаypal', 'x@paypal.com'],
  ['Аpple Support', 'x@example.net'],
  // Greek omicron
  ['Gοogle', 'x@google.com'],
])('%s with %s misleads', (name, address) => {
  expect(isMisleading(name, address)).toBe(true);
});

test.each([
  ['', ''],
  ['Ann', 'ann@example.net'],
  ['Ann', ''],
  ['ann@example.net', 'Ann@Example.net'],
  ['"ann@example.net"', 'ann@example.net'],
  ['ann.lee', 'ann.lee@example.net'],
  ['Booking.com', 'noreply@booking.com'],
  ['Booking.com', 'noreply@mailer.booking.com'],
  ['mail.example.net', 'x@example.net'],
  ['münchen.de', 'x@münchen.de'],
  ['Dr.Müller', 'm@example.net'],
  ['J.R.R. Tolkien', 'j@example.net'],
  ['Verein e.V.', 'v@example.net'],
  ['Version 2.0', 'v@example.net'],
  ['Иван Petrov', 'i@example.net'],
  ['Иван Петров', 'i@example.net'],
  ['山田 Taro', 't@example.net'],
  ['LINEニュース', 'n@example.net'],
  ['삼성SDS', 's@example.net'],
  ['µTorrent', 'u@example.net'],
  ['Zoë Ørsted', 'z@example.net'],
])('%s with %s does not', (name, address) => {
  expect(isMisleading(name, address)).toBe(false);
});
