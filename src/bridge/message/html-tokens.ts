/** HTML cut into tags and text, after the tokeniser that browsers have (WHATWG HTML section 13.2.5), without a tree. */
import { decodeEntities } from './html-entities.ts';

export type HtmlToken =
  /** With its character references resolved. */
  | { kind: 'text'; text: string }
  /** `name` is in lower case; attribute names too, the first of each counts; values are not decoded until asked for. */
  | { kind: 'start'; name: string; attributes: HtmlAttributes; selfClosing: boolean }
  | { kind: 'end'; name: string };

/** No tag of a mail has more attributes than this; the rest is passed over. */
const MAX_ATTRIBUTES = 100;

/** Elements whose content is no markup; it ends at their end tag and nowhere else. */
const RAW_ELEMENTS = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes']);

const TAG_NAME = /[A-Za-z][^\s/>]*/y;
const BLANK = /[\s/]*/y;
const ATTRIBUTE_NAME = /[^\s/>=][^\s/>=]*/y;
const EQUALS = /\s*=\s*/y;
const BARE_VALUE = /[^\s>]*/y;

/** The attributes of a tag. */
export class HtmlAttributes {
  private readonly values = new Map<string, string>();

  add(name: string, value: string): void {
    if (!this.values.has(name) && this.values.size < MAX_ATTRIBUTES) this.values.set(name, value);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** Decoded; '' where there is none. */
  get(name: string): string {
    return decodeEntities(this.values.get(name) ?? '');
  }
}

/** Yields the tokens; comments, declarations and the content of raw elements are left out. Never throws; linear. */
export class HtmlTokens {
  private index = 0;
  /** The raw element that was just opened. */
  private raw = '';

  constructor(private readonly html: string) {}

  *[Symbol.iterator](): Generator<HtmlToken> {
    while (this.index < this.html.length) {
      if (this.raw !== '') this.skipRaw();
      const open = this.nextTag(this.index);
      if (open > this.index) yield { kind: 'text', text: decodeEntities(this.html.slice(this.index, open)) };
      this.index = open;
      const token = open < this.html.length ? this.tag() : null;
      if (token) yield token;
    }
  }

  /** The next `<` that begins a tag, a comment or a declaration; any other one is text. */
  private nextTag(start: number): number {
    for (let open = this.html.indexOf('<', start); open >= 0; open = this.html.indexOf('<', open + 1))
      if (/[A-Za-z/!?]/.test(this.html[open + 1] ?? '')) return open;
    return this.html.length;
  }

  private tag(): HtmlToken | null {
    const next = this.html[this.index + 1];
    if (next === '!' || next === '?') return this.skipDeclaration();
    const isEnd = next === '/';
    TAG_NAME.lastIndex = this.index + (isEnd ? 2 : 1);
    const name = TAG_NAME.exec(this.html)?.[0].toLowerCase();
    if (name === undefined) return this.skipDeclaration();
    this.index = TAG_NAME.lastIndex;
    const attributes = this.attributes();
    // The end of the text within a tag: there is no tag.
    if (!attributes) return null;
    if (isEnd) return { kind: 'end', name };
    if (RAW_ELEMENTS.has(name)) this.raw = name;
    return { kind: 'start', name, attributes, selfClosing: this.html[this.index - 2] === '/' };
  }

  private attributes(): HtmlAttributes | null {
    const attributes = new HtmlAttributes();
    for (;;) {
      this.take(BLANK);
      if (this.index >= this.html.length) return null;
      if (this.html[this.index] === '>') {
        this.index++;
        return attributes;
      }
      const name = this.take(ATTRIBUTE_NAME);
      // A `=` where a name should be is one.
      if (name === '') this.index++;
      attributes.add(name.toLowerCase(), this.take(EQUALS) === '' ? '' : this.value());
    }
  }

  private value(): string {
    const quote = this.html[this.index];
    if (quote !== '"' && quote !== "'") return this.take(BARE_VALUE);
    const start = this.index + 1;
    const close = this.html.indexOf(quote, start);
    this.index = close < 0 ? this.html.length : close + 1;
    return this.html.slice(start, close < 0 ? this.html.length : close);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.index;
    const text = pattern.exec(this.html)?.[0] ?? '';
    this.index += text.length;
    return text;
  }

  private skipDeclaration(): null {
    if (this.html.startsWith('<!--', this.index)) {
      const start = this.index + 4;
      const empty = /^-?>/.exec(this.html.slice(start, start + 2))?.[0];
      const close = empty === undefined ? this.html.indexOf('-->', start) : start + empty.length - 3;
      this.index = close < 0 ? this.html.length : close + 3;
    } else {
      const close = this.html.indexOf('>', this.index);
      this.index = close < 0 ? this.html.length : close + 1;
    }
    return null;
  }

  private skipRaw(): void {
    const name = this.raw;
    this.raw = '';
    for (let open = this.html.indexOf('</', this.index); open >= 0; open = this.html.indexOf('</', open + 2)) {
      const end = open + 2 + name.length;
      if (this.html.slice(open + 2, end).toLowerCase() !== name || !/[\s/>]/.test(this.html[end] ?? '>')) continue;
      this.index = open;
      return;
    }
    this.index = this.html.length;
  }
}
