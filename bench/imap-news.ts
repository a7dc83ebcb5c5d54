/** From a delivery in Dovecot to the event at the extension's end of the socket: by IDLE and by NOTIFY, few and many unread. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../src/model.ts';
import { BridgeProcess } from '../tests/support/bridge-process.ts';
import { Dovecot } from '../tests/support/dovecot.ts';
import { TestClient } from '../tests/support/test-client.ts';
import { IdleSocket } from './idle-socket.ts';
import { type Measurement, measure } from './measurement.ts';

const DELIVERIES = 100;
/** Dovecot joins what arrives within half a second. Milliseconds. */
const PAUSE = 700;
const FOLDER = 'Lists';
const NOTIFY = `NOTIFY SET STATUS (SELECTED (MessageNew MessageExpunge FlagChange)) (MAILBOXES ${FOLDER} (MessageNew MessageExpunge FlagChange))`;

/** Each with a user of its own. */
const CASES = [
  { user: 'few', unread: 10, by: 'IDLE' },
  { user: 'many', unread: 2500, by: 'IDLE' },
  { user: 'fewelse', unread: 10, by: 'NOTIFY' },
  { user: 'manyelse', unread: 2500, by: 'NOTIFY' },
] as const;

export async function measureNews(): Promise<Measurement[]> {
  const users = Object.fromEntries(CASES.map(({ user }) => [user, 'pw']));
  const dovecot = await Dovecot.start({ tls: null, users });
  const bridge = await BridgeProcess.start();
  const { client } = await TestClient.pair(await bridge.pair(), [{ type: 'resume', mailboxes: [] }]);
  const raw: IdleSocket[] = [];
  try {
    const results: Measurement[] = [];
    for (const one of CASES) {
      const { user, unread, by } = one;
      const other = await dovecot.asClient(user);
      await other.mailboxCreate(FOLDER);
      dovecot.deliverMany(user, unread, (n) => ({ raw: message(n) }));
      const account: Account = {
        id: user,
        protocol: 'imap',
        name: user,
        address: '',
        user,
        server: { host: '127.0.0.1', port: dovecot.ports.imap, security: 'none' },
        ...(by === 'NOTIFY' ? { folders: ['INBOX', FOLDER] } : {}),
      };
      client.send({ type: 'operate', id: user, operation: { kind: 'put-account', account } });
      client.send({ type: 'set-secret', account: user, secret: 'pw' });
      await client.unread(user, unread);
      // Rows get their words, NOTIFY is asked for.
      await sleep(3_000);
      const also = by === 'NOTIFY' ? NOTIFY : undefined;
      const socket = await IdleSocket.open(dovecot.ports.imap, user, 'pw', also);
      raw.push(socket);
      const told: number[] = [];
      const heard: number[] = [];
      for (let n = 1; n <= DELIVERIES; n += 1) {
        const hears = socket.hears(by === 'NOTIFY' ? `* STATUS ${FOLDER}` : ' EXISTS');
        const counted = client.unread(user, unread + n).then(() => performance.now());
        const start = performance.now();
        // Dovecot tells of other folders what its own programs put there, and not what comes in by the file system.
        if (by === 'NOTIFY') void other.append(FOLDER, message(n), []);
        else dovecot.deliver(user, message(n));
        const [socketAt, eventAt] = await Promise.all([hears, counted]);
        heard.push(socketAt - start);
        told.push(eventAt - start);
        await sleep(PAUSE);
      }
      await other.logout();
      results.push(
        measure(
          {
            bench: 'imap',
            metric: `delivery to event, ${by}, ${unread} unread`,
            unit: 'ms',
            note: 'Dovecot waits 500 ms before it tells anyone; the event has the decoded row and the number',
          },
          told,
          {
            name: by === 'NOTIFY' ? 'to `* STATUS` on a plain socket' : 'to `* EXISTS` on a plain socket',
            values: heard,
          },
        ),
      );
    }
    return results;
  } finally {
    for (const socket of raw) socket.close();
    await client.close();
    await bridge.close();
    await dovecot.close();
  }
}

function message(n: number): string {
  return `From: Sender ${n} <s${n}@example.test>\r\nSubject: Message ${n}\r\nMessage-ID: <${n}.${Math.random()}@example.test>\r\n\r\nText\r\n`;
}
