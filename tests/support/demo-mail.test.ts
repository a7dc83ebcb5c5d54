import { describe, expect, it } from 'vitest';
import { type DemoMail, demoArrivals, demoMailbox, fillFolder } from './mail-server/demo-mail.ts';
import { decodeWords, fieldValue, headerFields, splitMessage } from './mail-server/message-header.ts';
import { parseMime } from './mail-server/mime-part.ts';
import { serve, signedIn, USER } from './mail-server/test-clients.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const TO = { name: 'Ada Byron', address: USER };

/** mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function subject({ raw }: DemoMail): string {
  return decodeWords(fieldValue(headerFields(splitMessage(raw).header), 'subject') ?? '');
}

describe('the demonstration mailbox', () => {
  const mails = demoMailbox({ to: TO, random: seeded(1), now: NOW });

  it('is the same for the same random, and another for another', () => {
    expect(demoMailbox({ to: TO, random: seeded(1), now: NOW })).toEqual(mails);
    expect(demoMailbox({ to: TO, random: seeded(2), now: NOW })).not.toEqual(mails);
  });

  it('is about sixty messages in order, some of them unread', () => {
    const times = mails.map((mail) => mail.date.getTime());
    expect(mails.length).toBeGreaterThan(55);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(NOW);
    const unread = mails.filter((mail) => !mail.flags.includes('\\Seen')).length;
    expect(unread).toBeGreaterThan(8);
    expect(unread).toBeLessThan(20);
  });

  it('has lines as RFC 5322 wants them, and addresses of nobody', () => {
    for (const { raw } of mails) {
      const text = raw.toString('latin1');
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThan(999);
      for (const [, domain] of text.matchAll(/<[^<>@\s]+@([^<>\s]+)>/g)) {
        expect(domain).toMatch(/\.(test|example)$|^example\.org$/);
      }
    }
  });

  it('can be read in its languages and shapes', () => {
    const subjects = mails.map(subject);
    for (const known of [
      '次回の読書会のお知らせ',
      'Schlüssel, Tür und Öl für die Scharniere',
      'Coffee tomorrow? ☕',
      'Счёт за ноябрь',
      '會議記錄',
    ]) {
      expect(subjects).toContain(known);
    }
    expect(subjects.some((text) => text.length > 150)).toBe(true);
    const types = mails
      .flatMap(({ raw }) => [parseMime(raw), ...parseMime(raw).parts])
      .map((part) => `${part.type}/${part.subtype}`);
    for (const type of ['text/html', 'text/calendar', 'application/pdf', 'multipart/alternative'])
      expect(types).toContain(type);
    expect(mails.filter(({ raw }) => !/^From:/m.test(raw.toString('latin1')))).toHaveLength(1);
  });

  it('is served whole, and more keeps arriving', async () => {
    const server = await serve();
    const { inbox } = server.store.account(USER);
    fillFolder(inbox, mails);
    const next = demoArrivals({ to: TO, random: seeded(3) });
    const arrivals = Array.from({ length: 25 }, (_, index) => next(NOW + index));
    fillFolder(inbox, arrivals);
    const flow = await signedIn(server);
    await flow.mailboxOpen('INBOX');
    const rows = await flow.fetchAll('1:*', { uid: true, envelope: true, bodyStructure: true, headers: ['Subject'] });
    expect(rows).toHaveLength(mails.length + 25);
    expect(new Set(rows.map((row) => row.envelope?.messageId)).size).toBe(rows.length);
    expect(arrivals.every((mail) => mail.flags.length === 0)).toBe(true);
  });
});
