/** What a reader would see of an HTML mail, as plain text. A state machine over tags; no tree, nothing is executed. */
import type { TextLink } from '../../message-content.ts';
import { type HtmlAttributes, type HtmlToken, HtmlTokens } from './html-tokens.ts';
import { TextLayout } from './text-layout.ts';

export interface HtmlText {
  /** Clean, at most 2 Mi UTF-16 units, lines end with a line feed. */
  text: string;
  /** At most 500, in their order. */
  links: TextLink[];
  /** The page goes on. */
  cut: boolean;
}

/** A longer one is no link for people. */
const MAX_HREF = 4096;
const MAX_ALT = 300;

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Elements on lines of their own, and those with an empty line around them. */
const BLOCKS = set(
  'address article aside body caption center dd details dialog div dl dt fieldset figcaption figure footer form header ' +
    'hgroup html legend main nav section summary table tbody tfoot thead tr',
);
const PARAGRAPHS = set('p h1 h2 h3 h4 h5 h6 blockquote ul ol menu dir pre listing');
const LISTS = set('ul ol menu dir');
const CELLS = set('td th');
/** Elements whose content is not shown; raw ones are left out by the tokeniser already. */
const UNSEEN = set('template svg object audio video canvas select datalist');
const VOID = set('area base br col embed hr img input link meta param source track wbr');
/** Elements that another one of their kind ends; those of tables too, but they are written out, and nested in each other. */
const ENDED_BY_THE_NEXT = set('p li dt dd');

/** `max-height: 0` is how mail hides the preview text from those who read the page. */
const HIDING =
  /(?:^|;)(?:display:none|visibility:hidden|mso-hide:all|(?:max-height|opacity):0(?:\.0{1,9})?(?:px|pt|em|%)?(?:!important)?(?:;|$))/;

/** Reads a page. Never throws; linear. */
export function htmlToText(html: string): HtmlText {
  const reader = new PageReader();
  for (const token of new HtmlTokens(html)) {
    reader.take(token);
    if (reader.layout.full) break;
  }
  const text = reader.layout.finish();
  return { text, links: reader.layout.links, cut: reader.layout.full };
}

class PageReader {
  readonly layout = new TextLayout();
  private preformatted = 0;
  /** The next number of each open list; null for one without numbers. */
  private readonly numbers: (number | null)[] = [];
  /** The hidden element that is open, and how many of its name are open in it. */
  private hidden: { name: string; depth: number } | null = null;

  take(token: HtmlToken): void {
    if (this.hidden && this.staysHidden(token, this.hidden)) return;
    if (token.kind === 'text') this.text(token.text);
    else if (token.kind === 'end') this.end(token.name);
    else if (this.isHidden(token)) this.hidden = { name: token.name, depth: 1 };
    else this.start(token.name, token.attributes);
  }

  private isHidden({ name, attributes, selfClosing }: Extract<HtmlToken, { kind: 'start' }>): boolean {
    if (VOID.has(name)) return false;
    if (UNSEEN.has(name)) return !selfClosing;
    if (attributes.has('hidden')) return true;
    if (!attributes.has('style')) return false;
    return HIDING.test(attributes.get('style').slice(0, 2000).replace(/\s+/g, '').toLowerCase());
  }

  /** False for the token after the hidden element, which counts again. */
  private staysHidden(token: HtmlToken, hidden: { name: string; depth: number }): boolean {
    if (token.kind === 'text') return true;
    const { name } = token;
    if (token.kind === 'end') {
      if (name === hidden.name) hidden.depth--;
      if (hidden.depth === 0) this.hidden = null;
      return true;
    }
    const isNext = name === hidden.name && ENDED_BY_THE_NEXT.has(name);
    const endsParagraph = hidden.name === 'p' && (PARAGRAPHS.has(name) || BLOCKS.has(name));
    if (isNext || endsParagraph) {
      this.hidden = null;
      return false;
    }
    if (name === hidden.name) hidden.depth++;
    return true;
  }

  private text(text: string): void {
    if (this.preformatted === 0) {
      this.layout.add(text, false);
      return;
    }
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
      if (index > 0) this.layout.addBreak();
      this.layout.add(line, true);
    }
  }

  private start(name: string, attributes: HtmlAttributes): void {
    const { layout } = this;
    if (BLOCKS.has(name)) layout.breakLine(1);
    else if (CELLS.has(name)) layout.nextCell();
    else if (LISTS.has(name)) this.startList(name, attributes);
    else if (PARAGRAPHS.has(name)) layout.breakLine(2);
    if (name === 'a') this.startLink(attributes.get('href'));
    else if (name === 'br') layout.addBreak();
    else if (name === 'blockquote') layout.quotes++;
    else if (name === 'pre' || name === 'listing') this.preformatted++;
    else if (name === 'li') layout.setBullet(this.nextBullet());
    else if (name === 'img') layout.add(` ${attributes.get('alt').slice(0, MAX_ALT)} `, false);
    else if (name === 'q') layout.add('“', false);
    else if (name === 'hr') this.rule();
  }

  private end(name: string): void {
    const { layout } = this;
    if (BLOCKS.has(name) || name === 'li') layout.breakLine(1);
    else if (LISTS.has(name)) this.endList();
    else if (PARAGRAPHS.has(name)) layout.breakLine(2);
    if (name === 'a') layout.closeLink();
    else if (name === 'br') layout.addBreak();
    else if (name === 'blockquote') layout.quotes = Math.max(0, layout.quotes - 1);
    else if (name === 'pre' || name === 'listing') this.preformatted = Math.max(0, this.preformatted - 1);
    else if (name === 'q') layout.add('”', false);
  }

  private startLink(raw: string): void {
    const href = readHref(raw);
    if (href === null) this.layout.closeLink();
    else this.layout.openLink(href);
  }

  /** A list within a list has no empty line before it. */
  private startList(name: string, attributes: HtmlAttributes): void {
    this.layout.breakLine(this.numbers.length === 0 ? 2 : 1);
    const first = /^\d{1,6}$/.exec(attributes.get('start'))?.[0] ?? '1';
    this.numbers.push(name === 'ol' ? Number(first) : null);
    this.layout.lists = this.numbers.length;
  }

  private endList(): void {
    this.numbers.pop();
    this.layout.breakLine(this.numbers.length === 0 ? 2 : 1);
    this.layout.lists = this.numbers.length;
  }

  private nextBullet(): string {
    const number = this.numbers.at(-1);
    if (typeof number !== 'number') return '• ';
    this.numbers[this.numbers.length - 1] = number + 1;
    return `${number}. `;
  }

  private rule(): void {
    this.layout.breakLine(1);
    this.layout.add('———', false);
    this.layout.breakLine(1);
  }
}

/** The target of a link that may be offered; null for any other (`javascript:`, `data:`, one without a host). */
export function readHref(raw: string): string | null {
  if (raw.length > 2 * MAX_HREF) return null;
  // Browsers drop these inside a URL, and controls at its start.
  const text = raw.replace(/[\t\r\n]+/g, '').replace(/^[\0- ]+/, '');
  if (!/^(?:https?|mailto):/i.test(text) || !URL.canParse(text)) return null;
  const { href } = new URL(text);
  return href.length > MAX_HREF ? null : href;
}
