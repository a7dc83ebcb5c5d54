import { BridgeError } from '../../src/bridge/errors.ts';
import type { MailSource } from '../../src/bridge/mail-source.ts';
import type { Can, ErrorCode, MarkOperation, RemoveOperation } from '../../src/model.ts';
import { mailboxOf, mailRow } from './mail-rows.ts';

const CAN: Can = { flags: 'server', folders: true, push: true, move: true };
/** How long it takes the real ones to notice that nobody answers. */
const SILENCE = 8_000;

/** A source that does what it is told and remembers it. For tests of what drives sources, not of mail. */
export class FakeSource implements MailSource {
  readonly can = CAN;
  onChange: MailSource['onChange'] = null;
  onFolders: MailSource['onFolders'] = null;
  closed = false;
  checks = 0;
  /** False: the line is dead and does not know it. */
  answers = true;
  /** What the next removal fails with. */
  failWith: ErrorCode | null = null;
  readonly marks: MarkOperation[] = [];
  readonly removed: { uid: number | undefined; again: boolean }[] = [];
  private tellEnd: (code: ErrorCode) => void = () => {};
  readonly ended = new Promise<ErrorCode>((resolve) => {
    this.tellEnd = resolve;
  });

  /** @param next what it does when it is opened: it has so many unread messages, or fails, or hangs until it is closed */
  constructor(private readonly next: () => { unseen: number } | { fail: ErrorCode } | 'hang') {}

  async open(): Promise<void> {
    await Promise.resolve();
    const next = this.next();
    if (next === 'hang') throw new BridgeError(await this.ended);
    if ('fail' in next) throw new BridgeError(next.fail);
    this.tell(next.unseen);
  }

  tell(unread: number): void {
    const state = mailboxOf(Array.from({ length: unread }, (_, at) => mailRow(at + 1)));
    this.onChange?.({ unread, mailbox: { ref: { account: 'a', folder: 'INBOX' }, state } });
  }

  async mark(operation: MarkOperation): Promise<void> {
    if (!this.answers) throw new BridgeError('connection-lost');
    this.marks.push(operation);
  }

  async remove(operation: RemoveOperation, again: boolean): Promise<void> {
    const { failWith } = this;
    this.failWith = null;
    if (failWith) throw new BridgeError(failWith);
    this.removed.push({ uid: operation.target.uids[0], again });
  }

  async check(): Promise<void> {
    this.checks += 1;
    if (this.answers) return;
    await new Promise((resolve) => setTimeout(resolve, SILENCE));
    throw new BridgeError('timed-out');
  }

  die(code: ErrorCode): void {
    this.tellEnd(code);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.tellEnd('connection-lost');
  }
}
