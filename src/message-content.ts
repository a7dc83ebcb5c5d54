/** What is read of one message when it is opened. Types only: both the bridge and the extension read this file. */
import type { Address } from './model.ts';

/** A link of a message's text, where it was made from HTML. */
export interface TextLink {
  /** What is shown for it; '' for a picture without words. */
  text: string;
  /** `http:`, `https:` or `mailto:`, as a URL parser writes it. */
  href: string;
  /** Where it stands in the text, in UTF-16 units. */
  start: number;
  end: number;
}

/** A picture that a message's page may show. */
export interface InlineImage {
  /** What `cid:` URLs of the page name it (RFC 2392). */
  contentId: string;
  /** The section to fetch. */
  part: string;
  type: string;
  /** Bytes, decoded; nearly right where only the encoded size is known. */
  size: number;
}

/** A file that came with a message. */
export interface Attachment {
  part: string;
  /** Cleaned: safe to show. Never empty. */
  name: string;
  /** Safe to save under. */
  fileName: string;
  /** `type/subtype` as the message declares it. */
  type: string;
  size: number;
  /** Opening it may run something: a program, a script, a page, a document with macros. */
  risky: boolean;
}

/** What a reader sees of one message: its header, its text, its page, its pictures and its files. */
export interface MessageContent {
  from: Address | null;
  sender: Address | null;
  /** At most 200; the same for the other lists. */
  to: Address[];
  cc: Address[];
  replyTo: Address[];
  subject: string;
  /** As the sender says, milliseconds since 1970; null where it cannot be read. */
  date: number | null;
  /** Cleaned, of several lines, at most 2 MiB. */
  text: string;
  /** Of `text`, where it was made from HTML. */
  links: TextLink[];
  /** As the message has it, to be sanitised before it is shown; at most 2 MiB. null where there is none. */
  html: string | null;
  inlineImages: InlineImage[];
  attachments: Attachment[];
  /** The message has more than is here; the text ends with a sign of it. */
  cut: boolean;
  /** A one-time code to sign in or confirm with. */
  code: string | null;
}
