/**
 * Stands in for `webextension-polyfill` where pages run without their extension: it records what they ask for, and
 * does with an operation what the background does before it answers.
 */
import { parseIntent } from '../../../src/intents.ts';
import { announceChange, openStore } from '../../../src/store.ts';
import { getMessage } from '../messages.ts';

interface Recorder {
  intents: unknown[];
  /** How often the options were opened. */
  optionsOpened: number;
  /** What the background answers next; `null` when the list is empty, 'silent' never answers. */
  receipts: (string | null)[];
}

declare global {
  var recorder: Recorder;
}

globalThis.recorder ??= { intents: [], optionsOpened: 0, receipts: [] };

const asTab = new URLSearchParams(location.search).has('tab');

export default {
  i18n: { getMessage, getUILanguage: () => 'en-GB' },
  runtime: {
    sendMessage: async (intent: unknown): Promise<string | null> => {
      recorder.intents.push(intent);
      const receipt = recorder.receipts.shift() ?? null;
      if (receipt === 'silent') return new Promise(() => {});
      if (receipt === null) await writeDown(intent);
      return receipt;
    },
    openOptionsPage: async (): Promise<void> => {
      recorder.optionsOpened++;
    },
  },
  storage: {
    local: {
      get: async (key: string): Promise<Record<string, unknown>> => {
        const text = localStorage.getItem(key);
        return text === null ? {} : { [key]: JSON.parse(text) };
      },
      set: async (values: Record<string, unknown>): Promise<void> => {
        for (const [key, value] of Object.entries(values)) localStorage.setItem(key, JSON.stringify(value));
      },
    },
  },
  extension: { getViews: (): Window[] => (asTab ? [] : [window]) },
};

async function writeDown(message: unknown): Promise<void> {
  const intent = parseIntent(message);
  if (intent?.type !== 'operate' && intent?.type !== 'undo') return;
  const store = await openStore();
  // The bridge answers "undone", and the row goes.
  if (intent.type === 'undo') await store.delete('outbox', intent.id);
  else await store.put('outbox', { id: intent.id, operation: intent.operation, created: Date.now(), failed: null });
  store.close();
  announceChange(['outbox']);
}
