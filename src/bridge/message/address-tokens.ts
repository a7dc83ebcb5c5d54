/** The pieces of an address list (RFC 5322 section 3.4), read once from left to right. */
import type { ByteString } from './byte-string.ts';
import { WordFinder } from './encoded-words.ts';

export interface AddressToken {
  /**
   * `text`: an atom, dots and `@` included. `word`: an encoded word, not decoded. `quoted` and `comment`: without their
   * marks and escapes. `angle`: what stands between `<` and `>`. `mark`: one of `,` `;` `:`.
   */
  kind: 'text' | 'word' | 'quoted' | 'comment' | 'angle' | 'mark';
  text: ByteString;
  /** White space or a comment stands before it. */
  spaced: boolean;
}

const SPACE = /[ \t\r\n]/;
/**
 * Runs on to the next character with a meaning of its own. A backslash takes the next character with it; in a domain
 * literal (RFC 5321 section 4.1.3) colons are no marks; a closing bracket without its opening one is text.
 */
const ATOM = /(?:[^ \t\r\n"(,:;<>\\[]|\\.|\[[A-Za-z0-9.:_-]{0,100}\]|\[)+/sy;

/** Yields the tokens of a field value. Every byte is looked at a bounded number of times. */
export class AddressTokens {
  private readonly words: WordFinder;
  private index = 0;
  /** Set when a closing mark was looked for in vain; the opening ones that follow stand for themselves. */
  private noQuoteCloses = false;
  private noCommentCloses = false;

  constructor(private readonly value: ByteString) {
    this.words = new WordFinder(value, false);
  }

  *[Symbol.iterator](): Generator<AddressToken> {
    let spaced = false;
    while (this.index < this.value.length) {
      if (SPACE.test(this.value[this.index] ?? '')) {
        this.index++;
        spaced = true;
        continue;
      }
      const token = this.next(spaced);
      if (!token) continue;
      yield token;
      spaced = token.kind === 'comment';
    }
  }

  private next(spaced: boolean): AddressToken | null {
    const byte = this.value[this.index] ?? '';
    if (byte === ',' || byte === ';' || byte === ':') {
      this.index++;
      return { kind: 'mark', text: byte, spaced };
    }
    if (byte === '<') return { kind: 'angle', text: this.angle(), spaced };
    if (byte === '"') {
      const quoted = this.quoted();
      return quoted === null ? null : { kind: 'quoted', text: withoutBackslashes(quoted.slice(1, -1)), spaced };
    }
    if (byte === '(') {
      const comment = this.comment();
      if (comment !== null) return { kind: 'comment', text: withoutBackslashes(comment.slice(1, -1)), spaced };
    }
    return this.atom(spaced);
  }

  private atom(spaced: boolean): AddressToken | null {
    const word = this.words.at(this.index);
    const start = this.index;
    if (word) {
      this.index = word.end;
      return { kind: 'word', text: this.value.slice(start, word.end), spaced };
    }
    ATOM.lastIndex = start;
    this.index = ATOM.test(this.value) ? ATOM.lastIndex : start + 1;
    const text = withoutBackslashes(this.value.slice(start, this.index));
    // A closing mark without its opening one says nothing.
    return text === '>' ? null : { kind: 'text', text, spaced };
  }

  /** From `<` on: without comments, quoted parts as they stand, white space as single spaces. */
  private angle(): ByteString {
    let text = '';
    for (this.index++; this.index < this.value.length; ) {
      const byte = this.value[this.index] ?? '';
      if (byte === '>') {
        this.index++;
        break;
      }
      // The `>` is missing. A comma inside is right only in a route, `<@a,@b:c@d>` (RFC 5322 section 4.4).
      if ((byte === '<' && text !== '') || byte === ';' || (byte === ',' && !text.startsWith('@'))) break;
      if (byte === '"') text += this.quoted() ?? '';
      else if (byte === '(' && this.comment() !== null) continue;
      else {
        this.index++;
        if (!SPACE.test(byte)) text += byte === '<' ? '' : byte;
        else if (text !== '' && !text.endsWith(' ')) text += ' ';
      }
    }
    return text.trimEnd();
  }

  /** The quoted string here, with its marks; null when it does not end, and then only the mark is passed over. */
  private quoted(): ByteString | null {
    const start = this.index;
    if (!this.noQuoteCloses)
      for (let index = start + 1; index < this.value.length; index++) {
        if (this.value[index] === '\\') index++;
        else if (this.value[index] === '"') {
          this.index = index + 1;
          return this.value.slice(start, this.index);
        }
      }
    this.noQuoteCloses = true;
    this.index = start + 1;
    return null;
  }

  /** The comment here, with its marks and those inside it; null when it does not end, and then nothing is passed over. */
  private comment(): ByteString | null {
    const start = this.index;
    let depth = 0;
    if (!this.noCommentCloses)
      for (let index = start; index < this.value.length; index++) {
        const byte = this.value[index];
        if (byte === '\\') index++;
        else if (byte === '(') depth++;
        else if (byte === ')' && --depth === 0) {
          this.index = index + 1;
          return this.value.slice(start, this.index);
        }
      }
    this.noCommentCloses = true;
    return null;
  }
}

/** Takes away the backslashes of quoted pairs (RFC 5322 section 3.2.1). */
function withoutBackslashes(text: ByteString): ByteString {
  return text.includes('\\') ? text.replace(/\\(.)/gs, '$1') : text;
}
