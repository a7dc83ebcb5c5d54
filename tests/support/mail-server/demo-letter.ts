/** One letter of the demonstration mailbox, before it becomes a message. */
import type { WordCharset } from './compose-message.ts';

export interface DemoLetter {
  /** [name, address]; null for a message with no From. */
  from: [name: string, address: string] | null;
  subject: string | Buffer;
  text: string;
  shape?: 'newsletter' | 'order' | 'invitation' | 'attachment' | 'no-date';
  wordCharset?: WordCharset;
}
