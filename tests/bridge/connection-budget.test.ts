import { expect, it } from 'vitest';
import { makeConnectionBudget } from '../../src/bridge/connection-budget.ts';

it('each account has a first connection before the host runs out of second ones', () => {
  const budget = makeConnectionBudget(() => 0);
  const second = Array.from({ length: 20 }, () => budget.take('mail.example.test', 'second'));
  expect(second.filter((release) => release)).toHaveLength(8);
  expect(budget.take('mail.example.test', 'first')).not.toBeNull();
});

it('a place that is given back is free again, once', () => {
  const budget = makeConnectionBudget(() => 0);
  const held = Array.from({ length: 8 }, () => budget.take('mail.example.test', 'second'));
  held[0]?.();
  held[0]?.();
  expect(budget.take('mail.example.test', 'second')).not.toBeNull();
  expect(budget.take('mail.example.test', 'second')).toBeNull();
});

it('what a host has refused is its limit for all accounts, the last place a first one, for an hour', () => {
  let now = 0;
  const budget = makeConnectionBudget(() => now);
  for (let n = 0; n < 3; n += 1) budget.take('mail.example.test', 'first');
  const refused = budget.take('mail.example.test', 'second');
  budget.refused('MAIL.example.test');
  refused?.();
  expect(budget.take('mail.example.test', 'first')).toBeNull();
  expect(budget.take('other.example.test', 'first')).not.toBeNull();
  now += 3600_001;
  expect(budget.take('mail.example.test', 'first')).not.toBeNull();
});

it('a host that refuses even the first one is asked again', () => {
  const budget = makeConnectionBudget(() => 0);
  const only = budget.take('mail.example.test', 'first');
  budget.refused('mail.example.test');
  only?.();
  expect(budget.take('mail.example.test', 'second')).toBeNull();
  expect(budget.take('mail.example.test', 'first')).not.toBeNull();
});
