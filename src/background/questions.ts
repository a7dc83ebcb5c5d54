/** What pages want to know, asked of the bridge; and its answers, written down as they come. */
import * as v from 'valibot';
import type { Intent, Receipt } from '../intents.ts';
import type { BridgeEvent, Command, UnknownMessage } from '../protocol.ts';
import { newWant, readWant, type Store, type Want } from '../store.ts';
import { messageContentSchema } from '../wire.ts';
import type { ContentWriter } from './content-writer.ts';
import type { StoreWriter } from './store-writer.ts';

/** Somewhat longer than the bridge takes before it gives up. */
const DEADLINES: Record<Want['kind'], number> = {
  'test-account': 60_000,
  message: 100_000,
  search: 130_000,
  // A file moves on as long as bytes come; this much is a slow line and a large file.
  file: 3600_000,
};

export type Question = Extract<Intent, { type: 'test-account' | 'open-message' | 'load-file' | 'search' | 'forget' }>;

export interface QuestionsOptions {
  store: Store;
  writer: StoreWriter;
  contents: ContentWriter;
  /** False where there is no line. */
  send: (commands: Command[]) => boolean;
  now: () => number;
}

export interface Questions {
  /** Resolves when the want is written down and asked, or answered from what is here. */
  ask(question: Question): Promise<Receipt>;
  /** Writes down what the bridge says to a want; leaves everything else alone. */
  take(event: BridgeEvent | UnknownMessage): Promise<void>;
  /** The line is gone: half an answer is none. */
  reset(): void;
}

export function makeQuestions({ store, writer, contents, send, now }: QuestionsOptions): Questions {
  /** The pieces of messages that have come so far. */
  const pieces = new Map<string, string[]>();

  async function open(id: string, kind: Want['kind'], message: Want['message'], command: Command): Promise<Receipt> {
    await writer.addWant(newWant(id, kind, now() + DEADLINES[kind], message));
    if (!send([command])) await writer.answerWant(id, 'bridge-unreachable');
    return null;
  }

  async function takePiece({ id, at, total, data }: Extract<BridgeEvent, { type: 'content' }>): Promise<void> {
    const before = at === 0 ? [] : pieces.get(id);
    if (!before) return;
    before.push(data);
    pieces.set(id, before);
    if (at + data.length < total) return;
    pieces.delete(id);
    const message = (await readWant(store, id))?.message;
    const content = parseContent(before.join(''));
    if (message && content) await contents.putContent(message, content, now());
    else await writer.answerWant(id, 'link-broken');
  }

  return {
    async ask(question) {
      switch (question.type) {
        case 'test-account': {
          const { id, account, secret } = question;
          return open(id, 'test-account', null, { type: 'test-account', id, account, secret });
        }
        case 'open-message': {
          const { id, message } = question;
          const command: Command = { type: 'read-message', id, ...message };
          if (!(await contents.touchContent(message, now()))) return open(id, 'message', message, command);
          await writer.addWant({ ...newWant(id, 'message', now(), message), state: 'done' });
          return null;
        }
        case 'load-file': {
          const { id, message, part } = question;
          return open(id, 'file', message, { type: 'read-part', id, ...message, part });
        }
        case 'search': {
          const { id, account, query } = question;
          return open(id, 'search', null, { type: 'search', id, account, query });
        }
        case 'forget':
          pieces.delete(question.id);
          send([{ type: 'cancel', id: question.id }]);
          await contents.forgetWant(question.id);
          return null;
      }
    },
    async take(event) {
      switch (event.type) {
        case 'progress':
          // A step that only a newer bridge knows is passed all the same.
          return event.step === null ? undefined : writer.passStep(event.id, event.step);
        case 'content':
          return takePiece(event);
        case 'bytes': {
          const data = decodeBase64(event.data);
          const bytes = data ? await contents.addChunk(event.id, event.at, data) : 0;
          if (bytes > 0) send([{ type: 'taken', id: event.id, bytes }]);
          return;
        }
        case 'found':
          return contents.addFound(event.id, event.rows);
        case 'answered':
          return writer.answerWant(event.id, event.code);
        case 'unsupported':
          if (event.id) await writer.answerWant(event.id, 'unsupported');
      }
    },
    reset: () => pieces.clear(),
  };
}

function parseContent(text: string) {
  try {
    const result = v.safeParse(messageContentSchema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** null for what is no base64 (RFC 4648 section 4). */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
