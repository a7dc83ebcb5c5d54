/**
 * Which operations have been settled, and how: an operation that is sent again after a lost answer is not done again.
 * Lines are only added; the file is written anew at the start.
 */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { ERROR_CODES, type ErrorCode } from '../model.ts';
import { readPrivateFile, writePrivateFile } from './data-folder.ts';

/** A browser that was away for longer than this asks its user again. */
const KEPT = 30 * 24 * 3600_000;
/** Years of a busy user's clicks; a bound against a client taken over. */
const MAX_ENTRIES = 20_000;

const entrySchema = v.object({ id: v.string(), code: v.nullable(v.picklist(ERROR_CODES)), time: v.number() });
type Entry = v.InferOutput<typeof entrySchema>;

export interface Ledger {
  /** undefined: never seen. null: done. A code: refused. */
  find(id: string): ErrorCode | null | undefined;
  /** Resolves when it is on disk. */
  settle(id: string, code: ErrorCode | null): Promise<void>;
}

export async function openLedger(folder: string, now: () => number): Promise<Ledger> {
  const file = path.join(folder, 'settled.jsonl');
  const entries = parseLines((await readPrivateFile(file))?.toString('utf8') ?? '')
    .filter((entry) => entry.time > now() - KEPT)
    .slice(-MAX_ENTRIES);
  const settled = new Map(entries.map((entry) => [entry.id, entry.code]));
  await writePrivateFile(file, entries.map(toLine).join(''));
  return {
    find: (id) => settled.get(id),
    async settle(id, code) {
      settled.set(id, code);
      await appendFile(file, toLine({ id, code, time: now() }));
    },
  };
}

function toLine(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** A line cut by a crash is left out: its operation is then done again, which does no harm. */
function parseLines(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const result = v.safeParse(entrySchema, JSON.parse(line));
      return result.success ? [result.output] : [];
    } catch {
      return [];
    }
  });
}
