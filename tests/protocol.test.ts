import { describe, expect, it } from 'vitest';
import type { Operation } from '../src/model.ts';
import {
  type Command,
  encodeFrame,
  encodeFrames,
  MAX_FRAME_TO_BRIDGE,
  MalformedFrame,
  parseCommands,
  parseEvents,
} from '../src/protocol.ts';
import { MAX_UIDS } from '../src/wire.ts';
import { seededRandom } from './support/seeded-random.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const operate = (uids: number[], change: Partial<Operation> = {}): Command => ({
  type: 'operate',
  id: 'o',
  operation: { kind: 'seen', account: 'a', folder: 'INBOX', uidValidity: 1, target: { uids }, ...change } as Operation,
});

describe('a command', () => {
  it.each<Command>([
    { type: 'hello', version: '0.1.0', major: 1, minor: 0 },
    { type: 'ping' },
    { type: 'commit-pairing', label: 'Firefox on linux' },
    { type: 'resume', mailboxes: [{ account: 'a', folder: 'INBOX', epoch: 'e', revision: 3 }] },
    operate([1, 4294967295]),
    operate([], { target: { upTo: 9 } }),
    operate([1], { kind: 'move', to: 'Lists' } as Partial<Operation>),
    { type: 'operate', id: 'o', operation: { kind: 'remove-account', account: 'a' } },
    { type: 'undo', id: 'o' },
    { type: 'set-secret', account: 'a', secret: 'pä\u0000ss\n"\\' },
    { type: 'check' },
  ])('comes out as it went in: $type', (command) => {
    expect(parseCommands(encodeFrame([command]))).toEqual([command]);
  });

  it.each<[string, unknown]>([
    ['no UID', operate([])],
    ['UID 0', operate([0])],
    ['a UID past 32 bits', operate([4294967296])],
    ['half a UID', operate([1.5])],
    ['more UIDs than are allowed', operate(Array.from({ length: MAX_UIDS + 1 }, (_, at) => at + 1))],
    ['removal of all up to a UID', operate([1], { kind: 'trash', target: { upTo: 9 } } as unknown as Operation)],
    ['an id with a slash', { type: 'undo', id: '../x' }],
    ['an id without end', { type: 'undo', id: 'a'.repeat(65) }],
    ['a field of another type', { type: 'hello', version: 1, major: 1, minor: 0 }],
    ['a port out of range', account({ port: 70000 })],
    ['no host', account({ host: '' })],
  ])('with %s is refused', (_, command) => {
    expect(() => parseCommands(bytes(JSON.stringify([command])))).toThrow(MalformedFrame);
  });

  it('with the most UIDs fits its frame', () => {
    const uids = Array.from({ length: MAX_UIDS }, (_, at) => 4294967295 - at);
    expect(encodeFrame([operate(uids)]).length).toBeLessThan(MAX_FRAME_TO_BRIDGE);
  });
});

function account(server: Record<string, unknown>): unknown {
  const set = { host: 'mail.example.test', port: 993, security: 'tls', ...server };
  const put = { id: 'a', protocol: 'imap', name: 'n', address: '', user: 'u', server: set };
  return { type: 'operate', id: 'o', operation: { kind: 'put-account', account: put } };
}

describe('a newer side of the same major version', () => {
  const events = (...list: unknown[]) => parseEvents(bytes(JSON.stringify(list)));

  it.each<[string, unknown]>([
    ['operates in a way', { type: 'operate', id: 'o', operation: { kind: 'snooze', until: 1 } }],
    ['protects a line in a way', account({ security: 'quantum' })],
  ])('that %s unknown here is answered, by the id, and kills no line', (_, command) => {
    expect(parseCommands(bytes(JSON.stringify([command, { type: 'ping' }])))).toEqual([
      { type: 'unknown', name: 'operate', id: 'o' },
      { type: 'ping' },
    ]);
  });

  it('that says words unknown here is understood as far as it can be', () => {
    const can = { flags: 'shared', folders: true, push: true, move: true };
    const status = {
      type: 'status',
      account: 'a',
      unread: 1,
      asOf: 1,
      state: 'asleep',
      code: 'too-full',
      retryAt: null,
    };
    const folder = { path: 'Notes', name: 'Notes', role: 'notes' };
    const server = { host: 'h', port: 1, security: 'tls' };
    const known = { id: 'a', protocol: 'imap', name: 'n', address: '', user: 'u', server };
    expect(
      events(
        { ...status, can },
        { type: 'settled', id: 'o', code: 'too-full' },
        { type: 'folders', account: 'a', folders: [folder] },
        { type: 'progress', id: 't', step: 'weighed' },
        { type: 'accounts', accounts: [{ ...known, id: 'b', protocol: 'jmap' }, known] },
      ),
    ).toEqual([
      { ...status, state: 'old', code: 'internal', can: { ...can, flags: 'local' } },
      { type: 'settled', id: 'o', code: 'internal' },
      { type: 'folders', account: 'a', folders: [{ ...folder, role: null }] },
      { type: 'progress', id: 't', step: null },
      { type: 'accounts', accounts: [known] },
    ]);
  });
});

describe('a frame', () => {
  it('drops fields that this version does not know, also inside', () => {
    const frame = bytes(
      '[{"type":"resume","later":1,"mailboxes":[{"account":"a","folder":"f","epoch":"e","revision":0,"x":[]}]}]',
    );
    expect(parseCommands(frame)).toEqual([
      { type: 'resume', mailboxes: [{ account: 'a', folder: 'f', epoch: 'e', revision: 0 }] },
    ]);
  });

  it.each(['later', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])(
    'of the unknown type "%s" is named as such, with its id',
    (name) => {
      for (const parse of [parseCommands, parseEvents]) {
        expect(parse(bytes(`[{"type":${JSON.stringify(name)},"id":"x"}]`))).toEqual([
          { type: 'unknown', name, id: 'x' },
        ]);
        expect(parse(bytes(`[{"type":${JSON.stringify(name)},"id":"no id!"}]`))).toEqual([
          { type: 'unknown', name, id: null },
        ]);
      }
    },
  );

  it('changes nobody: keys that mean something to JavaScript are data', () => {
    parseCommands(bytes('[{"type":"ping","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('names a type of any length in few letters', () => {
    const [message] = parseEvents(bytes(`[{"type":"${'x'.repeat(10_000)}"}]`));
    expect(message).toEqual({ type: 'unknown', name: 'x'.repeat(64), id: null });
  });

  it.each<[string, Uint8Array]>([
    ['nothing', bytes('')],
    ['half', bytes('[{"type":"ping"}')],
    ['an object', bytes('{"type":"ping"}')],
    ['null', bytes('[null]')],
    ['a list in a list', bytes('[["ping"]]')],
    ['no type', bytes('[{}]')],
    ['a type that is no text', bytes('[{"type":["ping"]}]')],
    ['one bad message among good ones', bytes('[{"type":"later"},{"type":"hello"}]')],
    ['bytes that are no UTF-8', new Uint8Array([91, 34, 255, 34, 93])],
    ['brackets without end', bytes('['.repeat(60_000))],
  ])('that holds %s is refused', (_, frame) => {
    for (const parse of [parseCommands, parseEvents]) expect(() => parse(frame)).toThrow(MalformedFrame);
  });

  it('of random content is read or refused, and never anything else', () => {
    const random = seededRandom(20_000);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const names = [
      'type',
      'id',
      'operation',
      'kind',
      'account',
      'folder',
      'target',
      'uids',
      'upTo',
      'mailboxes',
      'rows',
    ];
    const words = ['hello', 'operate', 'resume', 'status', 'rows', 'delta', 'seen', 'put-account', 'INBOX', '', 'a'];
    const value = (depth: number): unknown => {
      const kind = depth > 4 ? random() * 5 : random() * 9;
      if (kind < 1) return null;
      if (kind < 2) return random() < 0.5;
      if (kind < 3) return pick([0, 1, -1, 1.5, 1e300, 4294967296, random() * 100]);
      if (kind < 5) return pick(words);
      if (kind < 6) return Array.from({ length: random() * 4 }, () => value(depth + 1));
      return object(depth);
    };
    const object = (depth: number) =>
      Object.fromEntries(Array.from({ length: random() * 6 }, () => [pick(names), value(depth + 1)]));
    let [read, refused] = [0, 0];
    for (let run = 0; run < 20_000; run += 1) {
      const message = random() < 0.1 ? value(0) : { ...object(1), type: pick(words) };
      for (const parse of [parseCommands, parseEvents]) {
        try {
          for (const one of parse(bytes(JSON.stringify([message])))) expect(typeof one.type).toBe('string');
          read += 1;
        } catch (error) {
          if (!(error instanceof MalformedFrame)) throw error;
          refused += 1;
        }
      }
    }
    // Both happened: the check is not vacuous.
    expect(Math.min(read, refused)).toBeGreaterThan(1_000);
  });
});

describe('many messages', () => {
  it('go in as few frames as they need, whole and in their order', () => {
    const random = seededRandom(7);
    for (let run = 0; run < 50; run += 1) {
      const messages: Command[] = Array.from({ length: random() * 40 }, (_, at) => ({
        type: 'set-secret',
        account: `a${at}`,
        secret: 'é"x'.repeat(random() * 100),
      }));
      const frames = encodeFrames(messages, 1000);
      expect(frames.flatMap((frame) => parseCommands(frame))).toEqual(messages);
      expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThanOrEqual(1000);
      const pairs = frames.slice(1).map((frame, at) => frame.length + (frames[at]?.length ?? 0));
      expect(
        pairs.every((both) => both > 1000 - 650),
        'two that would fit one',
      ).toBe(true);
    }
  });

  it('that fit stand in one frame', () => {
    expect(encodeFrames([{ type: 'ping' }, { type: 'check' }], 100)).toHaveLength(1);
    expect(encodeFrames([], 100).flatMap((frame) => parseCommands(frame))).toEqual([]);
  });

  it('one that is larger than a frame is alone in one', () => {
    const large: Command = { type: 'set-secret', account: 'a', secret: 'x'.repeat(500) };
    expect(encodeFrames([{ type: 'ping' }, large, { type: 'check' }], 100)).toHaveLength(3);
  });
});
