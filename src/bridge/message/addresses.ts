/** Address lists as people and programs write them (RFC 5322 sections 3.4 and 4.4, and what breaks them). */
import type { Address } from '../../model.ts';
import { type AddressToken, AddressTokens } from './address-tokens.ts';
import type { ByteString } from './byte-string.ts';
import type { Charsets } from './charsets.ts';
import { MAX_NAME } from './clean-text.ts';
import { hasAt, type MailboxTokens, readGroup, readMailbox } from './mailbox.ts';

/** More recipients than this are not kept: a list shows a few, and nothing here answers to all of them. */
export const MAX_RECIPIENTS = 200;

/** Pieces of one name: each shows a letter at least, so more of them cannot be shown. */
const MAX_PIECES = MAX_NAME;

/**
 * Reads a field value; groups are replaced by their members, an empty group stays as a name. Structure comes from the
 * bytes alone: what an encoded word says is a name and never an address or a separator. Never throws; linear.
 */
export function readAddresses(value: ByteString, charsets: Charsets): Address[] {
  const list = new AddressList(charsets);
  for (const token of new AddressTokens(value)) {
    if (list.found.length >= MAX_RECIPIENTS) break;
    list.take(token);
  }
  list.end();
  return list.found.slice(0, MAX_RECIPIENTS);
}

class AddressList {
  readonly found: Address[] = [];
  private mailbox = emptyMailbox();
  /** A phrase that ended at a comma: a recipient without an address, or the first half of `Doe, John <john@…>`. */
  private half: MailboxTokens | null = null;
  /** The name of the group that is open. */
  private group: MailboxTokens | null = null;
  private groupIsEmpty = false;

  constructor(private readonly charsets: Charsets) {}

  take(token: AddressToken): void {
    if (token.kind !== 'mark') this.addPiece(token);
    else if (token.text === ',') this.endMailbox(true);
    else if (token.text === ';') this.end();
    else if (this.group || this.mailbox.angle !== null) this.addPiece({ ...token, kind: 'text' });
    else this.startGroup();
  }

  /** At a semicolon, which closes a group or stands for a comma, and after the last token. */
  end(): void {
    this.endMailbox(false);
    if (this.group && this.groupIsEmpty) this.add(readGroup(this.group, this.charsets));
    this.group = null;
  }

  private addPiece(token: AddressToken): void {
    const { phrase, comments, angle } = this.mailbox;
    if (token.kind === 'angle' && angle === null) {
      this.mailbox.angle = token.text;
    } else if (token.kind === 'comment') {
      if (comments.length < MAX_PIECES) comments.push(token.text);
    } else if (phrase.length < MAX_PIECES) {
      // A second `<…>` is kept in sight: nobody can say which of them a server would believe.
      phrase.push(token.kind === 'angle' ? { ...token, kind: 'text', text: `<${token.text}>` } : token);
    }
  }

  private startGroup(): void {
    this.endHalf();
    this.group = this.mailbox;
    this.groupIsEmpty = true;
    this.mailbox = emptyMailbox();
  }

  private endMailbox(atComma: boolean): void {
    const { mailbox, half } = this;
    const { phrase, comments, angle } = mailbox;
    this.mailbox = emptyMailbox();
    if (atComma && angle === null && phrase.length > 0 && !phrase.some(hasAt)) {
      this.endHalf();
      this.half = mailbox;
    } else if (half && angle !== null && phrase.length > 0) {
      const comma: AddressToken = { kind: 'text', text: ', ', spaced: false };
      this.half = null;
      this.add(
        readMailbox(
          { phrase: [...half.phrase, comma, ...phrase], comments: [...half.comments, ...comments], angle },
          this.charsets,
        ),
      );
    } else {
      this.endHalf();
      this.add(readMailbox(mailbox, this.charsets));
    }
  }

  private endHalf(): void {
    if (this.half) this.add(readMailbox(this.half, this.charsets));
    this.half = null;
  }

  private add(address: Address | null): void {
    if (!address) return;
    this.found.push(address);
    this.groupIsEmpty = false;
  }
}

function emptyMailbox(): MailboxTokens {
  return { phrase: [], comments: [], angle: null };
}
