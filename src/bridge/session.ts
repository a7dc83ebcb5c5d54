/** One paired browser, connected: commands in, events out, every frame sealed. */
import type { AccountStatus, ErrorCode, Message } from '../model.ts';
import {
  type BridgeEvent,
  CLOSE,
  type Command,
  encodeFrames,
  MAX_FRAME_TO_BROWSER,
  MalformedFrame,
  PROTOCOL_MAJOR,
  PROTOCOL_MINOR,
  parseCommands,
  type UnknownMessage,
} from '../protocol.ts';
import { ProofFailed, type SecureChannel } from '../secure-channel.ts';
import type { Log } from './log.ts';
import type { NumberedMailbox } from './mailbox-history.ts';
import type { Listener, Mailroom } from './mailroom.ts';
import { makeWants } from './wants.ts';

/** Browsers ping every 20 s; three missed ones and the browser is gone. */
const SILENCE = 70_000;
/** Fresh keys once a day. */
const LONGEST_SESSION = 24 * 3600_000;
/** A browser that does not take this much is not reading. */
const MAX_QUEUED = 4 * 1024 * 1024;
/** How long it may stay so. */
const DRAIN_TIMEOUT = 30_000;
/** GCM's tag, which stands behind the plaintext of a frame. */
const TAG_BYTES = 16;
/** Room in a frame for what is not rows: the list's brackets, begin, end, status and the seal. */
const FRAME_MARGIN = 8 * 1024;

/** What a session needs of its socket. */
export interface Wire {
  /** Resolves when the bytes have been handed to the system. */
  send(frame: Uint8Array): Promise<void>;
  close(code: number): void;
}

export interface SessionOptions {
  wire: Wire;
  channel: SecureChannel;
  mailroom: Mailroom;
  testAccount: (
    command: Extract<Command, { type: 'test-account' }>,
    tell: (event: BridgeEvent) => void,
  ) => Promise<ErrorCode | null>;
  /** Stores the pairing; false when its code has expired. null for a browser that is paired already. */
  commitPairing: ((label: string) => Promise<boolean>) | null;
  version: string;
  log: Log;
}

export interface Session {
  /** Frames are handled in the order of the calls. */
  receive(frame: Uint8Array): void;
  /** Ends everything that the session has started. The socket is closed by its owner. */
  end(): void;
}

export function startSession(options: SessionOptions): Session {
  const { wire, channel, mailroom, log } = options;
  let incoming: Promise<unknown> = Promise.resolve();
  let outgoing: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let greeted = false;
  /** A code is good for pairing and nothing else: whoever holds it is listed, and can be revoked, or gets nothing. */
  let paired = options.commitPairing === null;
  /** The line is gone, or will be: what is still on its way in is not done. */
  let over = false;
  let stopListening: (() => void) | null = null;
  let drain: NodeJS.Timeout | undefined;
  let silence = setTimeout(() => wire.close(1001), SILENCE);
  const age = setTimeout(() => wire.close(1000), LONGEST_SESSION);

  function tell(events: BridgeEvent[]): void {
    if (over) return;
    for (const plaintext of encodeFrames(events, MAX_FRAME_TO_BROWSER - TAG_BYTES)) tellFrame(plaintext);
  }

  function tellFrame(plaintext: Uint8Array): void {
    queued += plaintext.length;
    if (queued > MAX_QUEUED) drain ??= setTimeout(() => wire.close(1013), DRAIN_TIMEOUT);
    // Sealed at the call, so that counters follow the order of the calls.
    const sealed = channel.seal(plaintext);
    outgoing = outgoing
      .then(async () => wire.send(await sealed))
      .catch(() => wire.close(1011))
      .finally(() => {
        queued -= plaintext.length;
        if (queued > MAX_QUEUED) return;
        clearTimeout(drain);
        drain = undefined;
      });
  }

  function tellSnapshot(mailbox: NumberedMailbox, status: AccountStatus): void {
    const { account, folder, epoch, revision, state } = mailbox;
    const begin: BridgeEvent = {
      type: 'begin',
      account,
      folder,
      epoch,
      revision,
      uidValidity: state.uidValidity,
      low: state.low,
      partial: !state.complete,
    };
    const parts = splitRows([...state.rows.values()]);
    parts.forEach((rows, at) => {
      const events: BridgeEvent[] = [{ type: 'rows', account, folder, epoch, rows }];
      if (at === 0) events.unshift(begin);
      if (at === parts.length - 1) events.push({ type: 'end', account, folder, epoch }, { type: 'status', ...status });
      tell(events);
    });
  }

  const wants = makeWants(mailroom, tell);
  const listener: Listener = { tell, tellSnapshot };

  async function handleFrame(frame: Uint8Array): Promise<void> {
    const commands = parseCommands(await channel.open(frame));
    if (over) return;
    clearTimeout(silence);
    silence = setTimeout(() => wire.close(1001), SILENCE);
    for (const command of commands) if (!over) await handle(command);
  }

  async function handle(command: Command | UnknownMessage): Promise<void> {
    if (!greeted && command.type !== 'hello') throw new MalformedFrame('no hello');
    if (!paired && command.type !== 'hello' && command.type !== 'commit-pairing')
      throw new MalformedFrame('no pairing');
    switch (command.type) {
      case 'hello':
        greeted = true;
        if (command.major === PROTOCOL_MAJOR) return;
        over = true;
        return wire.close(CLOSE.version);
      case 'ping':
        return tell([{ type: 'pong' }]);
      case 'commit-pairing':
        paired = (await options.commitPairing?.(command.label)) ?? false;
        if (paired) return tell([{ type: 'paired' }]);
        over = true;
        return wire.close(CLOSE.refused);
      case 'resume':
        return resume(command.mailboxes);
      case 'operate':
        // Not awaited: an operation waits for its account, pings must not.
        void mailroom
          .operate(command.id, command.operation)
          .then((code) => tell([{ type: 'settled', id: command.id, code }]));
        return;
      case 'undo':
        mailroom.undo(command.id);
        return;
      case 'set-secret':
        return mailroom.setSecret(command.account, command.secret);
      case 'test-account':
        void options
          .testAccount(command, (event) => tell([event]))
          .then((code) => tell([{ type: 'answered', id: command.id, code }]));
        return;
      case 'read-message':
        return wants.readMessage(command);
      case 'read-part':
        return wants.readPart(command);
      case 'taken':
        return wants.taken(command);
      case 'search':
        return wants.search(command);
      case 'cancel':
        return wants.cancel(command.id);
      case 'check':
        return mailroom.check();
      case 'unknown':
        return tell([{ type: 'unsupported', command: command.name, id: command.id }]);
    }
  }

  function resume(held: readonly { account: string; folder: string; epoch: string; revision: number }[]): void {
    stopListening?.();
    stopListening = mailroom.listen(listener);
    tell(mailroom.facts());
    for (const mailbox of mailroom.mailboxes()) {
      const status = mailroom.statusOf(mailbox.account);
      const same = held.some(
        (one) =>
          one.account === mailbox.account &&
          one.folder === mailbox.folder &&
          one.epoch === mailbox.epoch &&
          one.revision === mailbox.revision,
      );
      if (status && !same) tellSnapshot(mailbox, status);
    }
  }

  tell([{ type: 'hello', version: options.version, major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR }]);

  return {
    receive(frame) {
      incoming = incoming
        .then(() => handleFrame(frame))
        .catch((error: unknown) => {
          const hostile = error instanceof ProofFailed || error instanceof MalformedFrame;
          if (!hostile) log('error', 'session-failed', { kind: error instanceof Error ? error.name : 'unknown' });
          wire.close(hostile ? CLOSE.badFrame : 1011);
        });
    },
    end() {
      over = true;
      stopListening?.();
      wants.end();
      for (const timer of [silence, age, drain]) clearTimeout(timer);
    },
  };
}

/** Rows in parts that each fit a frame; at least one part, even if it is empty. */
function splitRows(rows: readonly Message[]): Message[][] {
  const parts: Message[][] = [[]];
  let size = 0;
  for (const row of rows) {
    const bytes = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (size + bytes > MAX_FRAME_TO_BROWSER - FRAME_MARGIN) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(row);
    size += bytes;
  }
  return parts;
}
