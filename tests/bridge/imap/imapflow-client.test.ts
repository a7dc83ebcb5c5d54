/** What is used of imapflow beyond its types, held against a real socket: a new version has to pass this. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toBridgeError } from '../../../src/bridge/imap/imap-errors.ts';
import { atom, ImapflowClient, textOf } from '../../../src/bridge/imap/imapflow-client.ts';
import type { UidRanges } from '../../../src/bridge/imap/uid-ranges.ts';
import { eventually } from '../../support/eventually.ts';
import { Faults } from '../../support/mail-server/faults.ts';
import { CAPABILITIES, type MailServer, startMailServer } from '../../support/mail-server/mail-server.ts';

let mail: MailServer;
let client: ImapflowClient;
let signIns: number;
let vanished: UidRanges[];

async function start(capabilities: readonly string[] = CAPABILITIES): Promise<void> {
  await close();
  signIns = 0;
  vanished = [];
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: 'p w"\\ü' }],
    security: 'none',
    faults: new Faults(),
    capabilities,
  });
  for (let n = 0; n < 3; n += 1) mail.store.account('anna').inbox.deliver('Subject: x\r\n\r\nText\r\n', {});
  client = new ImapflowClient({
    host: '127.0.0.1',
    port: mail.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: 'anna', pass: 'p w"\\ü' },
    disableAutoEnable: true,
    logger: false,
    onSignIn() {
      signIns += 1;
    },
    onVanished: (uids) => void vanished.push(uids),
  });
  client.on('error', () => {});
  await client.connect();
}

async function close(): Promise<void> {
  client?.close();
  await mail?.close();
}

beforeEach(() => start());
afterEach(close);

it('signs in with the password as it is, in one command, and asks nothing else', () => {
  expect(signIns).toBe(1);
  expect(mail.transcript.commands()).toEqual(['AUTHENTICATE PLAIN …']);
});

it('signs in where no initial response is taken', async () => {
  await start(CAPABILITIES.filter((name) => name !== 'SASL-IR'));
  expect(signIns).toBe(1);
  expect(client.usable).toBe(true);
});

it('selects a folder that was never listed', async () => {
  mail.transcript.clear();
  client.knowFolder('INBOX');
  const mailbox = await client.mailboxOpen('INBOX');
  expect(mailbox.exists).toBe(3);
  expect(mail.transcript.commands()).toEqual([expect.stringMatching(/^SELECT /)]);
});

it('gives the answers to a command of ours, also while it listens', async () => {
  client.knowFolder('INBOX');
  await client.mailboxOpen('INBOX');
  const listens = mail.transcript.next('IDLE');
  void client.idle().catch(() => {});
  await listens;
  const answers: (string | null)[][] = [];
  await client.command('STATUS', [atom('INBOX'), [atom('MESSAGES')]], {
    STATUS: async ({ attributes = [] }) => void answers.push(attributes.flat().map((word) => textOf(word))),
  });
  expect(answers).toEqual([['INBOX', 'MESSAGES', '3']]);
});

it('throws for what a server refuses, and goes on', async () => {
  mail.faults.when('NOOP', { do: 'answer', status: 'NO [INUSE] Not now' }, { times: 1 });
  const failure = await client.command('NOOP', []).catch((error: unknown) => error);
  expect(toBridgeError(failure).code).toBe('server-busy');
  await client.command('NOOP', []);
  expect(client.usable).toBe(true);
});

it('takes four billion vanished messages for what they are: fifteen bytes', async () => {
  client.knowFolder('INBOX');
  await client.mailboxOpen('INBOX');
  mail.faults.when('NOOP', { do: 'send-before', bytes: '* VANISHED 1:4294967295\r\n* VANISHED (EARLIER) 2,5:7\r\n' });
  const started = performance.now();
  await client.command('NOOP', []);
  await eventually(() => vanished.length === 2);
  expect(vanished).toEqual([
    [[1, 4294967295]],
    [
      [2, 2],
      [5, 7],
    ],
  ]);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(client.mailbox).toMatchObject({ exists: 0 });
});

it('keeps the greeting, by which servers are told apart', () => {
  expect(client.greeting).toContain('mail server ready');
});
