/** The second pipe: what a page wants is written down, then sent; what is not confirmed is sent again on a new line. */
import type { Intent, Receipt } from '../intents.ts';
import { parsePairingCode } from '../pairing-code.ts';
import type { Command } from '../protocol.ts';
import { type Link, type PendingPairing, readMailboxes, readOutbox, type Store } from '../store.ts';
import type { LinkHandle } from './link.ts';
import type { PairingAttempt } from './pairing-attempt.ts';
import type { PairingStore } from './pairing-store.ts';
import type { Questions } from './questions.ts';
import type { StoreWriter } from './store-writer.ts';

export interface ActionsOptions {
  store: Store;
  writer: StoreWriter;
  pairing: PairingStore;
  attempt: PairingAttempt;
  link: LinkHandle;
  questions: Questions;
  readLink: () => Promise<Link>;
  now: () => number;
}

/** Does what a page wants, as far as this can be done here. Resolves when it is written down. */
export async function act(intent: Intent, options: ActionsOptions): Promise<Receipt> {
  const { writer, pairing, attempt, link, now } = options;
  switch (intent.type) {
    case 'operate':
      await writer.addOperation(intent.id, intent.operation, now());
      link.send([{ type: 'operate', id: intent.id, operation: intent.operation }]);
      return null;
    case 'undo':
      // Without a line the bridge has not started to wait: the operation is simply not sent again.
      if (!link.send([{ type: 'undo', id: intent.id }])) await writer.dismissOperation(intent.id);
      return null;
    case 'dismiss':
      await writer.dismissOperation(intent.id);
      return null;
    case 'set-secret':
      return link.send([{ type: 'set-secret', account: intent.account, secret: intent.secret }])
        ? null
        : 'bridge-unreachable';
    case 'test-account':
    case 'open-message':
    case 'load-file':
    case 'search':
    case 'forget':
      return options.questions.ask(intent);
    case 'pair': {
      const code = await parsePairingCode(intent.code);
      if (!code) return 'pairing-code-wrong';
      // The pairing that there is goes on: whether this code is worth anything only its bridge knows.
      await pairing.begin(code, now());
      await writer.setAttempt({ since: now(), code: null, over: false });
      attempt.restart();
      return null;
    }
    case 'unpair':
      await pairing.forget();
      await writer.setAttempt(null);
      attempt.restart();
      await link.restart(() => writer.purge());
      return null;
    case 'set-port':
      await pairing.setPort(intent.port);
      await writer.setLink({ ...(await options.readLink()), port: intent.port });
      await link.restart();
      return null;
    case 'check':
      attempt.wake();
      if (!link.send([{ type: 'check' }])) await link.restart();
      return null;
  }
}

/**
 * Puts a confirmed pairing in the place of the old one.
 * @param known it is the same bridge: what is cached, and what is still to be sent, is its
 */
export async function adopt(pending: PendingPairing, known: boolean, options: ActionsOptions): Promise<void> {
  const { writer, pairing, link, now } = options;
  await link.restart(async () => {
    // Not if the user has thought better of it meanwhile.
    if ((await pairing.readPending())?.cid.join() !== pending.cid.join()) return;
    // First, and while there is no line: a crash behind it begins anew, and nothing of one bridge goes to another.
    if (!known) await writer.purge();
    await pairing.confirm(pending.cid);
    await writer.setLink({ state: 'connecting', code: null, since: now(), port: pending.port, bridgeVersion: '' });
    await writer.setAttempt(null);
  });
}

/** What a new line starts with: what the cache holds, and every operation that was not confirmed. */
export async function firstCommands(store: Store): Promise<Command[]> {
  const mailboxes = await readMailboxes(store);
  const pending = (await readOutbox(store)).filter((row) => row.failed === null);
  return [
    resumeCommand(mailboxes),
    ...pending.map(({ id, operation }): Command => ({ type: 'operate', id, operation })),
  ];
}

/** Asks for every mailbox that is not as held here. */
export function resumeCommand(mailboxes: Awaited<ReturnType<typeof readMailboxes>>): Command {
  return {
    type: 'resume',
    mailboxes: mailboxes.map(({ account, folder, epoch, revision }) => ({ account, folder, epoch, revision })),
  };
}
