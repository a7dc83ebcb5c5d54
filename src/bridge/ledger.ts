/**
 * Which operations have been begun and settled, and how: an operation that is sent again after a lost answer is not done
 * again, and one that died half-way is looked at before it is. Lines are only added; the file is written anew at the start.
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

const entrySchema = v.object({
  id: v.string(),
  /** Absent while it is under way. */
  code: v.optional(v.nullable(v.picklist(ERROR_CODES))),
  time: v.number(),
});
type Entry = v.InferOutput<typeof entrySchema>;

export interface Ledger {
  /** undefined: never seen. null: done. A code: refused. */
  find(id: string): ErrorCode | null | undefined;
  /** True when it was begun before, and the bridge died under it. */
  wasBegun(id: string): boolean;
  /** Resolves when it is on disk that the operation is being carried out. */
  begin(id: string): Promise<void>;
  /** Resolves when it is on disk. */
  settle(id: string, code: ErrorCode | null): Promise<void>;
}

export async function openLedger(folder: string, now: () => number): Promise<Ledger> {
  const file = path.join(folder, 'settled.jsonl');
  const entries = parseLines((await readPrivateFile(file))?.toString('utf8') ?? '')
    .filter((entry) => entry.time > now() - KEPT)
    .slice(-MAX_ENTRIES);
  const settled = new Map(entries.flatMap(({ id, code }) => (code === undefined ? [] : [[id, code]])));
  const begun = new Set(entries.map(({ id }) => id));
  await writePrivateFile(file, entries.map(toLine).join(''));
  return {
    find: (id) => settled.get(id),
    wasBegun: (id) => begun.has(id),
    async begin(id) {
      await appendFile(file, toLine({ id, time: now() }));
    },
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
