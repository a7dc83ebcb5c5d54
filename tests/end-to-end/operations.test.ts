/** What the user does survives the death of every program on its way, at any moment, and is done once. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Account, Operation, RemoveKind } from '../../src/model.ts';
import { BridgeProcess } from '../support/bridge-process.ts';
import { Faults } from '../support/mail-server/faults.ts';
import { CAPABILITIES, type MailServer, startMailServer } from '../support/mail-server/mail-server.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TestClient } from '../support/test-client.ts';

const MESSAGES = 60;
const KILLS = 4;

let mail: MailServer;
let bridge: BridgeProcess;

afterEach(async () => {
  await bridge?.close();
  await mail?.close();
});

const subjectsIn = (name: string) =>
  mail.store
    .account('anna')
    .folder(name)
    .messages.map(({ raw }) => Number(/^Subject: (.*)\r$/m.exec(raw.toString())?.[1]))
    .sort((a, b) => a - b);

it.each([
  ['by MOVE', CAPABILITIES, 11],
  ['by COPY', CAPABILITIES.filter((name) => name !== 'MOVE'), 12],
] as const)('bridge and mail server are killed again and again, removals %s', async (_, capabilities, seed) => {
  const random = seededRandom(seed);
  mail = await startMailServer({
    accounts: [{ user: 'anna', password: 'pw' }],
    security: 'none',
    faults: new Faults(),
    capabilities,
  });
  const { inbox } = mail.store.account('anna');
  for (let n = 1; n <= MESSAGES; n += 1)
    inbox.deliver(`Subject: ${n}\r\nMessage-ID: <${n}@example.test>\r\n\r\nText\r\n`);
  bridge = await BridgeProcess.start();
  const { client, identity } = await TestClient.pair(await bridge.pair(), [{ type: 'resume', mailboxes: [] }]);
  const account: Account = {
    id: 'a',
    protocol: 'imap',
    name: 'Work',
    address: '',
    user: 'anna',
    server: { host: '127.0.0.1', port: mail.port, security: 'none' },
  };
  client.send({ type: 'operate', id: randomUUID(), operation: { kind: 'put-account', account } });
  client.send({ type: 'set-secret', account: 'a', secret: 'pw' });
  await client.unread('a', MESSAGES);

  /** The browser's outbox: what is not settled is sent again on each new line. */
  const outbox = new Map<string, Operation>();
  const kinds: RemoveKind[] = ['archive', 'trash', 'spam'];
  for (let uid = 1; uid <= MESSAGES; uid += 1) {
    const target = { uids: [uid] };
    const common = { account: 'a', folder: 'INBOX', uidValidity: inbox.uidValidity, target };
    const kind = kinds[uid % 4];
    outbox.set(randomUUID(), kind ? { kind, ...common } : { kind: 'seen', ...common });
  }

  let line = client;
  for (let kills = 0; outbox.size > 0; kills += 1) {
    line.send(...[...outbox].map(([id, operation]) => ({ type: 'operate' as const, id, operation })));
    if (kills < KILLS) {
      // From before the removals are carried out until after.
      await sleep(6_900 + random() * 400);
      if (random() < 0.5) mail.cut();
      await bridge.kill('SIGKILL');
    } else await line.until(({ events }) => settledIn(events).size >= outbox.size, 'everything settled', 60_000);
    for (const [id, code] of settledIn(line.events)) {
      if (outbox.delete(id)) expect(code).toBeNull();
    }
    await line.close();
    if (outbox.size === 0) break;
    await bridge.restart();
    line = TestClient.connect(identity);
    await line.until(({ events }) => events.some((event) => event.type === 'hello'), 'the bridge');
  }

  const all = Array.from({ length: MESSAGES }, (_unused, at) => at + 1);
  expect(subjectsIn('Trash')).toEqual(all.filter((uid) => uid % 4 === 1));
  expect(subjectsIn('Junk')).toEqual(all.filter((uid) => uid % 4 === 2));
  expect(subjectsIn('Archive')).toEqual(all.filter((uid) => uid % 4 === 0));
  expect(subjectsIn('INBOX')).toEqual(all.filter((uid) => uid % 4 === 3));
  expect(inbox.messages.every(({ flags }) => flags.has('\\Seen'))).toBe(true);
});

function settledIn(events: TestClient['events']): Map<string, string | null> {
  return new Map(events.flatMap((event) => (event.type === 'settled' ? [[event.id, event.code]] : [])));
}
