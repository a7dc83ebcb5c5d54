/**
 * The bridge's log: one JSON object a line. Fields are counts, codes and ids of our own making; never an address, a
 * subject, a host, a secret or the text of an error, because a server may have echoed any of these in it.
 */
import type { AccountId, ErrorCode } from '../model.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** What may stand in a line. Strings are ids or codes only; a new field is a decision made here. */
export interface LogFields {
  account?: AccountId;
  /** The public id of a paired browser. */
  client?: string;
  code?: ErrorCode;
  port?: number;
  version?: string;
  count?: number;
  milliseconds?: number;
  /** The class of an unforeseen error, such as `TypeError`. */
  kind?: string;
}

export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** Writes lines to `write`, stamped by `now` (milliseconds since 1970). */
export function makeLog(write: (line: string) => void, now: () => number): Log {
  return (level, event, fields = {}) =>
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields })}\n`);
}

/** Says nothing; for commands that print for people. */
export const silent: Log = () => {};
