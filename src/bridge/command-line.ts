/** What the bridge was called with, understood or refused in a sentence. */
import { parseArgs } from 'node:util';

/** Something the user can mend; printed without a stack. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export type Invocation =
  | { command: 'help' }
  | { command: 'version' }
  /** `port` is null where none was given. */
  | { command: 'serve'; folder: string; port: number | null }
  | { command: 'pair' | 'clients'; folder: string }
  /** `whom` is an id or `all`. */
  | { command: 'revoke'; folder: string; whom: string };

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  all: { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The command that each of these belongs to; `--data` belongs to all. */
const OWNERS = { port: 'serve', all: 'revoke' } as const;

const HINT = 'Try: letterbox --help';

/**
 * @param words without the program's own name
 * @param usualFolder where the data is when nothing else is said
 * @throws {UsageError}
 */
export function readCommandLine(words: string[], usualFolder: string): Invocation {
  const { values, positionals } = parse(words);
  if (values.version) return { command: 'version' };
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) return { command: 'help' };
  if (values.data === '') throw new UsageError('--data needs the name of a folder behind it.');
  const folder = values.data ?? usualFolder;
  for (const option of ['port', 'all'] as const)
    if (values[option] !== undefined && OWNERS[option] !== command && isCommand(command))
      throw new UsageError(`--${option} belongs to "letterbox ${OWNERS[option]}", not to "${command}". ${HINT}`);

  switch (command) {
    case 'serve':
      if (rest[0] !== undefined && isPort(rest[0]))
        throw new UsageError(`A port is given like this: letterbox serve --port ${rest[0]}`);
      refuseRest(command, rest);
      return { command, folder, port: values.port === undefined ? null : parsePort(values.port) };
    case 'pair':
    case 'clients':
      refuseRest(command, rest);
      return { command, folder };
    case 'revoke': {
      refuseRest(command, rest.slice(values.all ? 0 : 1));
      const whom = values.all ? 'all' : rest[0];
      if (whom !== undefined) return { command, folder, whom };
      throw new UsageError('Whom? letterbox revoke ID, or letterbox revoke --all. The ids: letterbox clients');
    }
    default:
      throw new UsageError(`There is no command "${command}". ${HINT}`);
  }
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, allowPositionals: true, options: OPTIONS });
  } catch (error) {
    // What Node adds is advice for names that begin with a dash; there are none here.
    const [first] = (error instanceof Error ? error.message : 'That cannot be read').split('. ');
    throw new UsageError(`${first}. ${HINT}`);
  }
}

function isCommand(command: string): boolean {
  return ['serve', 'pair', 'clients', 'revoke'].includes(command);
}

function refuseRest(command: string, rest: readonly string[]): void {
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one word too many for "letterbox ${command}". ${HINT}`);
}

function isPort(text: string): boolean {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535;
}

function parsePort(text: string): number {
  if (!isPort(text)) throw new UsageError(`"${text}" is no port: it must be a number from 1 to 65535.`);
  return Number(text);
}
