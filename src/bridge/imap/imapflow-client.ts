/**
 * imapflow, with what its types do not show and without the questions nobody here needs the answers of. The version is
 * pinned exactly; `tests/bridge/imap/imapflow-client.test.ts` holds each new one to what is used here.
 */
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { parseUidRanges, type UidRanges, uidCount } from './uid-ranges.ts';

/** One word of a command or an answer; a list is an array, NIL is null. */
export type Token = { type: string; value: string; section?: unknown } | string | null | Token[];

/** An untagged answer: `* 12 FETCH (…)` has the number as its command. */
export interface Untagged {
  command: string;
  attributes?: Token[];
}

export type Handlers = Record<string, (answer: Untagged) => Promise<void>>;

interface ExecOptions {
  untagged?: Handlers;
}

/** What is there at run time and not in the types. */
interface Internals {
  run(command: string, ...rest: unknown[]): Promise<unknown>;
  exec(command: string, attributes: unknown, options?: ExecOptions): Promise<{ next(): void }>;
  commands: ReadonlyMap<string, unknown>;
  untaggedHandlers: Partial<Handlers>;
  untaggedVanished(answer: Untagged, mailbox?: unknown): Promise<void>;
  folders: Map<string, { path: string }>;
  greeting: string | undefined;
}

/** The name in imapflow's own table under which commands of ours run. */
const OURS = 'LETTERBOX';

const Base = ImapFlow as unknown as new (options: ImapFlowOptions) => ImapFlow & Internals;

/** The settings that a sign-in by password needs once more, for the initial response. */
export interface ImapflowClientOptions extends ImapFlowOptions {
  auth: { user: string; pass: string };
  /** Called before a name and a password go out. */
  onSignIn: () => void;
  /** UIDs that the server says are gone (RFC 7162 section 3.2.10). */
  onVanished: (uids: UidRanges) => void;
}

export class ImapflowClient extends Base {
  readonly #options: ImapflowClientOptions;

  constructor(options: ImapflowClientOptions) {
    super(options);
    this.#options = options;
    this.commands = new Map([...this.commands, [OURS, runOurs]]);
  }

  /**
   * From the greeting to the number of unread messages every round trip counts. Left out of imapflow's way there: ID,
   * twice (asked later, `identify`), NAMESPACE (full paths are used everywhere), LIST and LSUB before SELECT.
   */
  override run(command: string, ...rest: unknown[]): Promise<unknown> {
    if (!this.usable && (command === 'ID' || command === 'NAMESPACE')) return Promise.resolve({});
    if (command === 'AUTHENTICATE' || command === 'LOGIN') this.#options.onSignIn();
    return super.run(command, ...rest);
  }

  /** AUTHENTICATE PLAIN in one round trip where the server takes an initial response (RFC 4959), not in two. */
  override exec(command: string, attributes: unknown, options?: ExecOptions): Promise<{ next(): void }> {
    // Subscriptions are of no use here, and Courier's LSUB says \Noselect of folders that are merely not subscribed.
    if (command === 'LSUB') return Promise.resolve({ next() {} });
    const isPlain = command === 'AUTHENTICATE' && Array.isArray(attributes) && attributes[0]?.value === 'PLAIN';
    if (!isPlain || !this.capabilities.has('SASL-IR')) return super.exec(command, attributes, options);
    const { user, pass } = this.#options.auth;
    const response = Buffer.from(`\0${user}\0${pass}`).toString('base64');
    return super.exec(command, [...attributes, { type: 'ATOM', value: response, sensitive: true }], options);
  }

  /** imapflow walks the set UID by UID, and the server chooses how many there are: four billion fit in 15 bytes. */
  override async untaggedVanished({ attributes = [] }: Untagged): Promise<void> {
    const [first, second] = attributes;
    const earlier = Array.isArray(first);
    const set = earlier ? second : first;
    const uids = parseUidRanges(textOf(set) ?? '');
    if (!uids) return;
    // RFC 7162 section 3.2.10: what vanishes now was counted until now; what had vanished earlier was not.
    if (!earlier && this.mailbox) this.mailbox.exists = Math.max(0, this.mailbox.exists - uidCount(uids));
    this.#options.onVanished(uids);
  }

  /** Has this called for each answer of the name that no running command waits for. */
  onUntagged(name: string, handler: () => void): void {
    this.untaggedHandlers[name] = async () => handler();
  }

  /** Lets a folder be selected without it being listed first. */
  knowFolder(path: string): void {
    if (!this.folders.has(path)) this.folders.set(path, { path });
  }

  /**
   * Runs a command that imapflow has no method for; `untagged` is called with each answer of these names.
   * @throws what imapflow throws for a NO, a BAD and a lost line
   */
  async command(name: string, attributes: readonly Token[], untagged: Handlers = {}): Promise<void> {
    await this.run(OURS, name, attributes, untagged);
  }
}

/** Goes through `run` like any other command, so that a running IDLE is ended first and another begun afterwards. */
async function runOurs(client: unknown, name: string, attributes: Token[], untagged: Handlers): Promise<void> {
  const response = await (client as Internals).exec(name, attributes, { untagged });
  response.next();
}

/** The text of a word, however it was sent; null for NIL and for lists. */
export function textOf(token: Token | undefined): string | null {
  if (typeof token === 'string') return token;
  if (token === null || token === undefined || Array.isArray(token)) return null;
  return typeof token.value === 'string' || Buffer.isBuffer(token.value) ? token.value.toString() : null;
}

/** A word of a command that is written as it is: never anything that came from outside. */
export function atom(value: string): Token {
  return { type: 'ATOM', value };
}
