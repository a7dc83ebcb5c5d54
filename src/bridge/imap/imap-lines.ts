/**
 * The connections of one account, at most two: the first stays where the server's news are wanted; the second comes when
 * something is asked that must not hold it up, and goes when it is not needed.
 */
import type { ErrorCode } from '../../model.ts';
import type { ConnectionBudget, Release } from '../connection-budget.ts';
import { BridgeError, codeOf } from '../errors.ts';
import type { LoginRate } from '../login-rate.ts';
import { checkServer } from '../tls.ts';
import { type ImapLine, type LineOptions, makeImapLine } from './imap-line.ts';

/** How long the second connection is kept for what comes next. */
const UNUSED = 90_000;

export interface LinesOptions extends Omit<LineOptions, 'onEnd'> {
  budget: ConnectionBudget;
  logins: LoginRate;
  /** The first connection is gone. */
  onEnd: (code: ErrorCode) => void;
}

export interface ImapLines {
  readonly first: ImapLine;
  /** Signs in. @throws {BridgeError} */
  open(): Promise<void>;
  /** A folder is now known under this UIDVALIDITY: a connection that knows it under another opens it anew. */
  forgetOthers(line: ImapLine, folder: string, uidValidity: number): void;
  /** The second connection; the first where there can be no second now. */
  work(): Promise<ImapLine>;
  close(): Promise<void>;
}

export function makeImapLines(options: LinesOptions): ImapLines {
  const { host } = options.account.server;
  checkServer(options.account.server);
  const release = options.budget.take(host, 'first');
  if (!release) throw new BridgeError('server-busy');
  let second: ImapLine | null = null;
  let opening: Promise<ImapLine | null> | null = null;
  let unused: NodeJS.Timeout | undefined;
  let alone = false;
  let closed = false;

  const first = makeImapLine({
    ...options,
    onEnd(code) {
      closed = true;
      release();
      void dropSecond();
      options.onEnd(code);
    },
  });

  async function openSecond(place: Release): Promise<ImapLine | null> {
    const line = makeImapLine({
      ...options,
      home: null,
      onEnd() {
        place();
        if (second === line) second = null;
      },
    });
    try {
      await line.open();
    } catch (error) {
      await line.close();
      // The first one works: whatever the server has against another, this session does without.
      alone = true;
      if (codeOf(error) === 'server-busy') options.budget.refused(host);
      return null;
    }
    if (closed) {
      await line.close();
      return null;
    }
    second = line;
    return line;
  }

  async function dropSecond(): Promise<void> {
    clearTimeout(unused);
    const line = second;
    second = null;
    await line?.close();
  }

  function keep(line: ImapLine): ImapLine {
    clearTimeout(unused);
    unused = setTimeout(() => {
      if (line.busy) keep(line);
      else void dropSecond();
    }, UNUSED);
    return line;
  }

  return {
    first,
    async open() {
      try {
        await first.open();
      } catch (error) {
        if (codeOf(error) === 'server-busy') options.budget.refused(host);
        throw error;
      }
    },
    forgetOthers(line, folder, uidValidity) {
      const other = line === first ? second : first;
      if (other?.selected?.folder === folder && other.selected.uidValidity !== uidValidity) other.forget();
    },
    async work() {
      if (second) return keep(second);
      if (alone || closed) return first;
      if (!opening) {
        const place = options.logins.spare() ? options.budget.take(host, 'second') : null;
        if (!place) return first;
        opening = openSecond(place).finally(() => {
          opening = null;
        });
      }
      const line = await opening;
      return line ? keep(line) : first;
    },
    async close() {
      closed = true;
      await Promise.all([dropSecond(), first.close()]);
    },
  };
}
