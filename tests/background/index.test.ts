/** The background's ears: what it listens to, from the first moment, and to whom. */
import { beforeEach, expect, it, vi } from 'vitest';

const { listeners, handled, woken, opened } = vi.hoisted(() => ({
  listeners: new Map<string, (...given: unknown[]) => unknown>(),
  handled: [] as unknown[],
  woken: vi.fn(async () => {}),
  opened: vi.fn(async () => {}),
}));

vi.mock('webextension-polyfill', () => {
  const event = (name: string) => ({
    addListener: (listener: (...given: unknown[]) => unknown) => void listeners.set(name, listener),
  });
  return {
    default: {
      runtime: {
        id: 'ours',
        getURL: (path: string) => `chrome-extension://ours/${path}`,
        onInstalled: event('installed'),
        onStartup: event('startup'),
        onMessage: event('message'),
        openOptionsPage: opened,
      },
      alarms: { onAlarm: event('alarm'), create: async () => {} },
    },
  };
});
vi.mock('../../src/background/background.ts', () => ({
  startBackground: () => ({
    async handle(intent: unknown) {
      handled.push(intent);
      return null;
    },
    wake: woken,
  }),
}));

await import('../../src/background/index.ts');

const PAGE = { id: 'ours', url: 'chrome-extension://ours/src/popup/index.html' };
const hear = (message: unknown, sender: object = PAGE) => listeners.get('message')?.(message, sender);

beforeEach(() => {
  handled.length = 0;
  vi.clearAllMocks();
});

it('a page of ours is heard', async () => {
  expect(await hear({ type: 'check' })).toBeNull();
  expect(handled).toEqual([{ type: 'check' }]);
});

it.each<[string, unknown, object?]>([
  ['another extension', { type: 'check' }, { id: 'theirs', url: 'chrome-extension://theirs/x.html' }],
  ['a script of ours in a web page', { type: 'check' }, { id: 'ours', url: 'https://example.test/' }],
  ['nobody', { type: 'check' }, {}],
  ['a page that asks for what there is not', { type: 'open-sesame' }],
  ['a page with a slip in it', { type: 'set-port', port: 70_000 }],
  ['a page that says nothing', null],
])('%s gets "bad-input" and nothing else', async (_, message, sender) => {
  expect(await hear(message, sender)).toBe('bad-input');
  expect(handled).toEqual([]);
});

it('an alarm and the start of the browser wake it', async () => {
  await listeners.get('alarm')?.();
  await listeners.get('startup')?.();
  expect(woken).toHaveBeenCalledTimes(2);
});

it('the options open after the first installation, and not after an update', async () => {
  await listeners.get('installed')?.({ reason: 'update' });
  expect([woken.mock.calls.length, opened.mock.calls.length]).toEqual([1, 0]);
  await listeners.get('installed')?.({ reason: 'install' });
  expect([woken.mock.calls.length, opened.mock.calls.length]).toEqual([2, 1]);
});
