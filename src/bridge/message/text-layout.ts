/** Runs of text put into lines: what a page's white space, line breaks, quotes and lists are in plain text. */
import type { TextLink } from '../../message-content.ts';
import { withoutInvisible } from './clean-text.ts';
import { MAX_TEXT } from './decode-text.ts';

/** Deeper quotes and lists are moved no further to the right. */
const MAX_INDENT = 8;
/** Two empty lines: more of them say nothing. */
const MAX_BREAKS = 3;
/** Where a text refers to more than this, a reader needs the page. */
export const MAX_LINKS = 500;
/** Longer ones are hardly seen, and 500 of them fill a message to the browser. */
const MAX_LINK_TEXT = 300;

const WHITE_SPACE = /[\s\u2800\p{Z}]+/gu;
const ODD_SPACE = /(?![\t ])[\s\u2800\p{Z}]/gu;
const ODD = /[^\t\n\x20-\x7e]/;

/** Collects text. What is added is cleaned like `cleanMultiline` does. */
export class TextLayout {
  readonly links: TextLink[] = [];
  /** Levels of quotation, and the lists that are open. */
  quotes = 0;
  lists = 0;
  /** There is no room for more. */
  full = false;

  /** The text so far, in pieces: one long string would be copied whole each time that a part of it is read. */
  private readonly pieces: string[] = [];
  private length = 0;
  private run = '';
  private runIsPreformatted = false;
  /** What stands before the next run: line breaks, or a space or tab on the same line. */
  private breaks = 0;
  private gap = '';
  private bullet = '';
  private link: { href: string; start: number; text: string } | null = null;

  add(text: string, preformatted: boolean): void {
    if (preformatted !== this.runIsPreformatted) this.flush();
    this.runIsPreformatted = preformatted;
    this.run += text;
  }

  /** The next run starts on a new line, after `count - 1` empty ones at least. */
  breakLine(count: number): void {
    this.flush();
    this.breaks = Math.max(this.breaks, count);
  }

  /** One line break more. */
  addBreak(): void {
    this.flush();
    this.breaks = Math.min(this.breaks + 1, MAX_BREAKS);
  }

  /** The next run is in another column of the same line. */
  nextCell(): void {
    this.flush();
    this.gap = '\t';
  }

  /** Stands before the next run, which starts a line. */
  setBullet(bullet: string): void {
    this.breakLine(1);
    this.bullet = bullet;
  }

  openLink(href: string): void {
    this.closeLink();
    this.link = { href, start: -1, text: '' };
  }

  closeLink(): void {
    this.flush();
    if (!this.link) return;
    const { href, start, text } = this.link;
    const end = this.length;
    const shown = withoutHalves(text.replace(/\s+/g, ' ').trim().slice(0, MAX_LINK_TEXT));
    if (this.links.length < MAX_LINKS) this.links.push({ text: shown, href, start: start < 0 ? end : start, end });
    this.link = null;
  }

  /** The whole text, which ends with neither space nor line break. */
  finish(): string {
    this.closeLink();
    return this.pieces.join('');
  }

  /** Ends a run: from here on the text has another place or another meaning. */
  flush(): void {
    if (this.run === '' || this.full) return;
    const all = clean(this.run, this.runIsPreformatted);
    this.run = '';
    const content = this.runIsPreformatted ? all.trimEnd() : all.trim();
    if (content !== '') this.write(content, all.startsWith(' '));
    if (all.endsWith(' ') && this.gap === '') this.gap = ' ';
  }

  private write(content: string, afterSpace: boolean): void {
    if (this.length === 0) this.append(this.lineStart());
    else if (this.breaks > 0) this.append('\n'.repeat(this.breaks) + this.lineStart());
    else if (this.gap !== '' || afterSpace) this.append(this.gap || ' ');
    this.breaks = 0;
    this.gap = '';
    if (this.link && this.link.start < 0) this.link.start = this.length;
    this.append(content);
  }

  private append(text: string): void {
    const room = MAX_TEXT - this.length;
    if (text.length > room) this.full = true;
    const kept = this.full ? withoutHalves(text.slice(0, room)) : text;
    this.pieces.push(kept);
    this.length += kept.length;
    if (this.link && this.link.start >= 0 && this.link.text.length < 2 * MAX_LINK_TEXT)
      this.link.text += kept.slice(0, 2 * MAX_LINK_TEXT);
  }

  private lineStart(): string {
    const indent = Math.max(0, Math.min(this.lists, MAX_INDENT) - 1);
    const start = '> '.repeat(Math.min(this.quotes, MAX_INDENT)) + '  '.repeat(indent) + this.bullet;
    this.bullet = '';
    return start;
  }
}

/** Marks at the start would pile up on the letter before, run by run. */
function clean(run: string, preformatted: boolean): string {
  const spaced = preformatted ? run.replace(ODD_SPACE, ' ') : run.replace(WHITE_SPACE, ' ');
  if (!ODD.test(spaced)) return spaced;
  const visible = withoutInvisible(spaced).replace(/^\p{M}+/u, '');
  return (preformatted ? visible : visible.replace(/ {2,}/g, ' ')).normalize('NFC');
}

function withoutHalves(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
