/** The mail server of the demo, with a mailbox that could be somebody's. */
import { demoArrivals, demoMailbox, fillFolder } from '../../tests/support/mail-server/demo-mail.ts';
import type { Folder } from '../../tests/support/mail-server/folder.ts';
import { startMailServer } from '../../tests/support/mail-server/mail-server.ts';
import type { TlsKeyPair } from '../../tests/support/mail-server/wire.ts';
import { seededRandom } from '../../tests/support/seeded-random.ts';

export const ADDRESS = 'anna@example.org';
export const PASSWORD = 'a password for the demo';

/** Any fixed number: the demo's mail is the same at every run. */
const SEED = 20;

export interface DemoServer {
  readonly port: number;
  readonly inbox: Folder;
  /** The unread part of the mailbox arrives, all at once. */
  deliverUnread(): void;
  /** One more mail arrives. */
  deliver(): void;
  close(): Promise<void>;
}

/** Starts it with older mail only, all of it read. */
export async function startDemoServer(tls: TlsKeyPair): Promise<DemoServer> {
  const server = await startMailServer({ accounts: [{ user: ADDRESS, password: PASSWORD }], security: 'tls', tls });
  const { inbox } = server.store.account(ADDRESS);
  const random = seededRandom(SEED);
  const to = { name: 'Anna', address: ADDRESS };
  const mails = demoMailbox({ to, random, now: Date.now() });
  const next = demoArrivals({ to, random });
  const read = mails.filter(({ flags }) => flags.includes('\\Seen'));
  const unread = mails.filter(({ flags }) => !flags.includes('\\Seen'));
  fillFolder(inbox, read);
  return {
    port: server.port,
    inbox,
    deliverUnread: () => fillFolder(inbox, unread),
    deliver: () => fillFolder(inbox, [next(Date.now())]),
    close: () => server.close(),
  };
}
