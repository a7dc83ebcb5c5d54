/** One mailbox in memory (RFC 9051 section 5.1): messages in UID order, with flags and mod-sequences (RFC 7162). */

export interface StoredMessage {
  readonly uid: number;
  /** As in `\Seen`; replaced, never changed in place. */
  readonly flags: ReadonlySet<string>;
  /** When the server received it. */
  readonly internalDate: Date;
  /** The message as it arrived, lines ending in CRLF. */
  readonly raw: Buffer;
  /** The folder's mod-sequence when this message was last changed (RFC 7162 section 3.1). */
  readonly modseq: number;
}

export type FolderChange =
  | { kind: 'added'; uid: number }
  | { kind: 'flags'; uid: number }
  | { kind: 'removed'; uid: number }
  /** UIDVALIDITY changed: no UID known before means anything now. */
  | { kind: 'rebuilt' };

/** `by` is whoever made the change, as they named themselves; a test that acts as another client gives nothing. */
export type FolderListener = (change: FolderChange, by: unknown) => void;

export interface FolderOptions {
  /** RFC 6154, as in `\Sent`. */
  specialUse?: string;
  uidValidity: number;
  /** Milliseconds since 1970; dates what is delivered without a date. */
  now: () => number;
}

export interface Delivery {
  date?: Date;
  flags?: Iterable<string>;
}

export class Folder {
  /** UTF-8; levels are split by `/`. */
  readonly name: string;
  readonly specialUse: string | null;
  subscribed = true;
  uidValidity: number;
  uidNext = 1;
  /** RFC 7162 section 3.1.2.1: higher after every change. */
  highestModseq = 1;
  private readonly byUid = new Map<number, StoredMessage>();
  private readonly listeners = new Set<FolderListener>();
  private readonly now: () => number;

  constructor(name: string, options: FolderOptions) {
    this.name = name;
    this.specialUse = options.specialUse ?? null;
    this.uidValidity = options.uidValidity;
    this.now = options.now;
  }

  /** All messages, lowest UID first. */
  get messages(): StoredMessage[] {
    return [...this.byUid.values()];
  }

  get size(): number {
    return this.byUid.size;
  }

  /** How many messages are not `\Seen` (what STATUS calls UNSEEN). */
  get unseen(): number {
    return this.messages.filter((message) => !message.flags.has('\\Seen')).length;
  }

  message(uid: number): StoredMessage | undefined {
    return this.byUid.get(uid);
  }

  /** Puts a message in; every listener knows of it when this returns. */
  deliver(raw: Buffer | string, { date, flags }: Delivery = {}, by?: unknown): StoredMessage {
    this.highestModseq += 1;
    const message: StoredMessage = {
      uid: this.uidNext,
      flags: new Set(flags),
      internalDate: date ?? new Date(this.now()),
      raw: typeof raw === 'string' ? Buffer.from(raw, 'utf8') : raw,
      modseq: this.highestModseq,
    };
    this.uidNext += 1;
    this.byUid.set(message.uid, message);
    this.tell({ kind: 'added', uid: message.uid }, by);
    return message;
  }

  /** Sets, adds or takes away flags; UIDs that are not there are passed over. */
  setFlags(
    uids: number | Iterable<number>,
    how: 'set' | 'add' | 'remove',
    flags: Iterable<string>,
    by?: unknown,
  ): void {
    const named = [...flags];
    for (const uid of typeof uids === 'number' ? [uids] : uids) {
      const before = this.byUid.get(uid);
      if (!before) continue;
      const after = new Set(how === 'set' ? named : before.flags);
      if (how === 'add') for (const flag of named) after.add(flag);
      if (how === 'remove') for (const flag of named) after.delete(flag);
      if (sameSet(before.flags, after)) continue;
      this.highestModseq += 1;
      this.byUid.set(uid, { ...before, flags: after, modseq: this.highestModseq });
      this.tell({ kind: 'flags', uid }, by);
    }
  }

  /** Removes messages for good; answers with the UIDs that were there. */
  remove(uids: number | Iterable<number>, by?: unknown): number[] {
    const removed: number[] = [];
    for (const uid of typeof uids === 'number' ? [uids] : uids) {
      if (!this.byUid.delete(uid)) continue;
      this.highestModseq += 1;
      removed.push(uid);
      this.tell({ kind: 'removed', uid }, by);
    }
    return removed;
  }

  /**
   * Makes the mailbox one with another UIDVALIDITY, as a server does whose index was lost: the messages stay and are
   * numbered anew from 1. Connections that have it selected are told BYE.
   */
  rebuild(uidValidity: number = this.uidValidity + 1): void {
    const kept = this.messages;
    this.uidValidity = uidValidity;
    this.byUid.clear();
    this.uidNext = 1;
    this.highestModseq = 1;
    for (const message of kept) {
      this.byUid.set(this.uidNext, { ...message, uid: this.uidNext, modseq: 1 });
      this.uidNext += 1;
    }
    this.tell({ kind: 'rebuilt' }, undefined);
  }

  /** Calls back after each change; the answer ends it. */
  onChange(listener: FolderListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(change: FolderChange, by: unknown): void {
    for (const listener of [...this.listeners]) listener(change, by);
  }
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((flag) => b.has(flag));
}
