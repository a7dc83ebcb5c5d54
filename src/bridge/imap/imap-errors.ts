/** What an error of imapflow's means to us. Its texts may hold what the server said and are dropped here. */
import * as v from 'valibot';
import type { ErrorCode } from '../../model.ts';
import { BridgeError } from '../errors.ts';
import { networkCode } from '../tls.ts';

const responseSchema = v.object({
  attributes: v.looseTuple([v.object({ section: v.looseTuple([v.object({ value: v.string() })]) })]),
});

/** The parts of an imapflow error that are read. */
interface ImapError {
  code?: unknown;
  authenticationFailed?: unknown;
  serverResponseCode?: unknown;
  tlsFailed?: unknown;
  responseText?: unknown;
  responseStatus?: unknown;
  /** Set by imapflow when LIST does not know the folder that SELECT has refused. */
  mailboxMissing?: unknown;
  /** The refusing answer as imapflow has read it: `NO [CODE] words`. */
  response?: unknown;
}

const LIBRARY_CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['CONNECT_TIMEOUT', 'connection-timeout'],
  ['GREETING_TIMEOUT', 'server-silent'],
  ['UPGRADE_TIMEOUT', 'tls-failed'],
  ['STARTTLS_INJECTION', 'tls-failed'],
  ['ETIMEOUT', 'timed-out'],
  ['LockTimeout', 'timed-out'],
  ['ETHROTTLE', 'server-busy'],
  ['NoConnection', 'connection-lost'],
  ['EConnectionClosed', 'connection-lost'],
  ['StateLogout', 'connection-lost'],
  ['ClosedAfterConnectText', 'connection-lost'],
  ['ClosedAfterConnectTLS', 'connection-lost'],
  ['UnexpectedTag', 'server-nonsense'],
  ['MissingTag', 'server-nonsense'],
  ['InvalidResponse', 'not-a-mail-server'],
  ['ResponseProcessingFailed', 'server-nonsense'],
  ['LineTooLarge', 'server-nonsense'],
  ['LiteralTooLarge', 'server-nonsense'],
  ['ResponseTooLarge', 'server-nonsense'],
  ['TooManyTokens', 'server-nonsense'],
  ['TooManyResponses', 'server-nonsense'],
  ['MAX_IMAP_NESTING_REACHED', 'server-nonsense'],
]);

/** RFC 5530 section 3: refusals of a sign-in that the password has nothing to do with. */
const BUSY_CODES = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'OVERQUOTA', 'SERVERBUG', 'THROTTLED']);
const REFUSED_CODES = new Set([
  'AUTHORIZATIONFAILED',
  'EXPIRED',
  'PRIVACYREQUIRED',
  'CONTACTADMIN',
  'NOPERM',
  'ALERT',
  'WEBALERT',
]);
/** RFC 5530 section 3, RFC 9051 section 7.1: there is no such folder. */
const FOLDER_CODES = new Set(['NONEXISTENT', 'TRYCREATE', 'CANNOT']);
/** Exchange lets everybody sign in, and then says this to who may not use IMAP, or came too often. */
const SIGN_IN_WORDS = /authenticated but not connected/i;
/** Servers that say it in words only. */
const BUSY_WORDS = /too many|rate limit|try again later|temporar|unavailable|connection limit/i;

/** The error as ours. */
export function toBridgeError(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  return new BridgeError(codeFor(typeof error === 'object' && error !== null ? (error as ImapError) : {}));
}

function codeFor(error: ImapError): ErrorCode {
  if (error.authenticationFailed) return signInCode(error);
  if (typeof error.code === 'string') {
    const known = LIBRARY_CODES.get(error.code) ?? networkCode(error.code);
    if (known) return known;
    if (error.code.startsWith('ParserError')) return 'server-nonsense';
  }
  // imapflow gives no code when STARTTLS was required and not offered.
  if (error.tlsFailed) return 'starttls-missing';
  if (error.mailboxMissing === true) return 'folder-missing';
  if (error.responseStatus) return refusalCode(error);
  return 'internal';
}

function refusalCode(error: ImapError): ErrorCode {
  if (error.responseStatus === 'BYE') return 'connection-lost';
  if (isBusy(error)) return 'server-busy';
  if (SIGN_IN_WORDS.test(String(error.responseText ?? ''))) return 'sign-in-refused';
  return FOLDER_CODES.has(responseCode(error)) ? 'folder-missing' : 'server-refused';
}

function signInCode(error: ImapError): ErrorCode {
  if (isBusy(error)) return 'server-busy';
  return REFUSED_CODES.has(responseCode(error)) ? 'sign-in-refused' : 'wrong-password';
}

/** The code in brackets (RFC 9051 section 7.1), '' where there is none. */
function responseCode({ serverResponseCode, response }: ImapError): string {
  if (typeof serverResponseCode === 'string') return serverResponseCode;
  const parsed = v.safeParse(responseSchema, response);
  return parsed.success ? parsed.output.attributes[0].section[0].value.toUpperCase() : '';
}

function isBusy(error: ImapError): boolean {
  return BUSY_CODES.has(responseCode(error)) || BUSY_WORDS.test(String(error.responseText ?? ''));
}
