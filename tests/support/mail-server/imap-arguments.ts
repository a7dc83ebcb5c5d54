/** Reads the tokens of a command one after the other, as the grammar asks for them. */
import { ImapRefusal } from './imap-refusal.ts';
import type { Token } from './imap-tokens.ts';
import { decodeMailboxName } from './mailbox-name.ts';
import { parseSequenceSet, type SequenceSet } from './sequence-set.ts';

export class ImapArguments {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get isEmpty(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The next token without taking it. */
  peek(): Token | undefined {
    return this.tokens[this.at];
  }

  /** True, and taken, when the next one is this word (in any case). */
  takeWord(word: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'atom' || token.text.toUpperCase() !== word) return false;
    this.at += 1;
    return true;
  }

  atom(): string {
    const token = this.next();
    if (token.kind !== 'atom') throw new ImapRefusal('BAD Expected an atom');
    return token.text;
  }

  /** An atom or a string, as UTF-8. */
  text(): string {
    return this.bytes().toString('utf8');
  }

  /** An atom or a string. */
  bytes(): Buffer {
    const token = this.next();
    if (token.kind === 'list') throw new ImapRefusal('BAD Expected a string');
    return token.kind === 'atom' ? Buffer.from(token.text, 'latin1') : token.bytes;
  }

  mailbox(): string {
    return decodeMailboxName(this.bytes().toString('latin1'));
  }

  number(): number {
    const text = this.atom();
    if (!/^\d{1,15}$/.test(text)) throw new ImapRefusal('BAD Expected a number');
    return Number(text);
  }

  sequenceSet(): SequenceSet {
    const set = parseSequenceSet(this.atom());
    if (!set) throw new ImapRefusal('BAD Expected a sequence set');
    return set;
  }

  list(): ImapArguments {
    const token = this.next();
    if (token.kind !== 'list') throw new ImapRefusal('BAD Expected a list');
    return new ImapArguments(token.items);
  }

  /** A list, or null when the next one is something else. */
  listIfAny(): ImapArguments | null {
    return this.peek()?.kind === 'list' ? this.list() : null;
  }

  /** The atoms that are left. */
  atoms(): string[] {
    const atoms: string[] = [];
    while (!this.isEmpty) atoms.push(this.atom());
    return atoms;
  }

  /** @throws {ImapRefusal} when something is left over */
  end(): void {
    if (!this.isEmpty) throw new ImapRefusal('BAD Too many arguments');
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (!token) throw new ImapRefusal('BAD Missing arguments');
    this.at += 1;
    return token;
  }
}
