/** One IMAP connection from greeting to end: reads commands, carries them out one after the other, answers. */
import { type FaultAction, greetingBytes } from './faults.ts';
import { ImapArguments } from './imap-arguments.ts';
import type { ImapAnswer, ImapCommand } from './imap-command.ts';
import { imapCommands } from './imap-commands.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { ImapSession } from './imap-session.ts';
import { literalSize, parseTokens } from './imap-tokens.ts';
import type { Wire } from './wire.ts';

/** A message of this size is more than any test sends; a larger literal is a client gone wrong. */
const LARGEST_LITERAL = 64 << 20;

/** Resolves when the connection is over. */
export async function serveImap(session: ImapSession): Promise<void> {
  const { wire } = session;
  await wire.whenReleased();
  if (greet(session)) {
    while (!session.ending && wire.isOpen) {
      const command = await readCommand(wire);
      if (!command) break;
      session.busy = true;
      await carryOut(session, command);
      session.busy = false;
    }
    wire.end();
  }
  await wire.closed;
  session.deselect();
}

/** False when no commands are to be read. */
function greet(session: ImapSession): boolean {
  const { greeting } = session.settings.faults;
  if (greeting === null) {
    session.untagged(`OK [CAPABILITY ${session.capabilities.join(' ')}] Test mail server ready`);
    return true;
  }
  const bytes = greetingBytes(greeting);
  if (bytes !== null) session.wire.write(bytes);
  if (greeting === 'bye' || greeting === 'http') session.wire.end();
  return typeof greeting === 'object';
}

/** One command with its literals, without the last CRLF; null at the end of the line. */
async function readCommand(wire: Wire): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  for (;;) {
    const line = await wire.incoming.readLine();
    if (!line) return null;
    pieces.push(line);
    const literal = literalSize(line);
    if (!literal) return Buffer.concat(pieces);
    if (literal.bytes > LARGEST_LITERAL) return null;
    if (literal.waits) wire.write('+ Ready for literal\r\n');
    const bytes = await wire.incoming.readBytes(literal.bytes);
    if (!bytes) return null;
    pieces.push(Buffer.from('\r\n'), bytes);
  }
}

async function carryOut(session: ImapSession, bytes: Buffer): Promise<void> {
  const { transcript, faults } = session.settings;
  const parts = splitCommand(bytes);
  const { tag, name, text } = parts;
  transcript.add({ connection: session.wire.number, event: 'command', command: name, text });
  const action = faults.actionFor(name, text);
  if (action && (await carryOutFault(session.wire, action, tag))) return;
  const answer = await answerTo(session, parts);
  const { status, afterwards } = typeof answer === 'string' ? { status: answer, afterwards: null } : answer;
  finish(session.wire, tag, status);
  await afterwards?.();
}

async function answerTo(session: ImapSession, { name, rest, tag }: CommandParts): Promise<ImapAnswer> {
  const command = imapCommands.get(name);
  try {
    if (!command || !allows(session, command)) return 'BAD Unknown command, or not now';
    const answer = await command.run(session, new ImapArguments(parseTokens(rest)), tag);
    session.tellNews(!command.keepsNumbers);
    return answer;
  } catch (error) {
    if (error instanceof ImapRefusal) return error.status;
    throw error;
  }
}

function finish(wire: Wire, tag: string, status: string): void {
  wire.write(`${tag} ${status}\r\n`);
}

function allows(session: ImapSession, command: ImapCommand): boolean {
  if (command.capability !== undefined && !session.can(command.capability)) return false;
  if (command.state === 'any') return true;
  if (command.state === 'authenticated') return session.state !== 'not-authenticated';
  return command.state === session.state;
}

/** True when the command is dealt with. */
async function carryOutFault(wire: Wire, action: FaultAction, tag: string): Promise<boolean> {
  switch (action.do) {
    case 'cut':
      wire.cut(action);
      return true;
    case 'cut-answer':
      wire.cutAfter(action.afterBytes);
      return false;
    case 'answer':
      finish(wire, tag, action.status);
      return true;
    case 'send':
      wire.write(withTag(action.bytes, tag));
      return true;
    case 'send-before':
      wire.write(withTag(action.bytes, tag));
      return false;
    case 'delay':
      await pause(action.milliseconds, wire);
      return false;
    case 'ignore':
      return true;
    case 'freeze':
      wire.hold();
      return true;
    case 'trickle': {
      const line = `${action.line ?? '* OK Still here'}\r\n`;
      const timer = setInterval(() => wire.write(line), action.everyMilliseconds);
      await wire.closed;
      clearInterval(timer);
      return true;
    }
  }
}

interface CommandParts {
  tag: string;
  /** In capitals; with `UID ` before it where the client has it. */
  name: string;
  /** For the transcript: without the tag and without secrets. */
  text: string;
  /** The arguments. */
  rest: Buffer;
}

function splitCommand(bytes: Buffer): CommandParts {
  // One character a byte, so that lengths are lengths in bytes.
  const line = bytes.toString('latin1');
  const match = /^(\S*) ?((?:UID )?[^\s(]*)/i.exec(line);
  const [head = '', tag = '*', word = ''] = match ?? [];
  const name = word.toUpperCase();
  const rest = bytes.subarray(head.length);
  const isSecret = name === 'LOGIN' || name === 'AUTHENTICATE';
  const mechanism = name === 'AUTHENTICATE' ? (/^ [^ ]*/.exec(line.slice(head.length))?.[0] ?? '') : '';
  const argumentsText = isSecret ? `${mechanism} …` : bytes.toString('utf8', head.length);
  return { tag: tag || '*', name, text: `${name}${argumentsText}`, rest };
}

function withTag(bytes: string | Buffer, tag: string): Buffer {
  return typeof bytes === 'string'
    ? Buffer.from(
        bytes.replaceAll('{tag}', () => tag),
        'utf8',
      )
    : bytes;
}

/** Waits, but not longer than the line lives. */
async function pause(milliseconds: number, wire: Wire): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    wire.closed,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    }),
  ]);
  clearTimeout(timer);
}
