/** Marking a thousand messages read. */

import { ChaosProxy } from '../tests/support/chaos-proxy.ts';
import { Dovecot } from '../tests/support/dovecot.ts';
import { TestAccount } from '../tests/support/imap-account.ts';
import { type Measurement, measure } from './measurement.ts';
import { RawImap } from './raw-imap.ts';

const MESSAGES = 3_000;
const RUNS = 5;

export async function measureMarks(): Promise<Measurement[]> {
  const dovecot = await Dovecot.start({ tls: null });
  const proxy = await ChaosProxy.start(dovecot.ports.imap);
  try {
    dovecot.deliverMany('anna', MESSAGES, (n) => ({ raw: `Subject: Message ${n}\r\n\r\nText\r\n` }));
    const account = await TestAccount.open({ port: proxy.port });
    await account.until(() => account.rows().every(({ snippet }) => snippet !== null), 'all words');
    const uidValidity = account.mailboxes.get('INBOX')?.uidValidity ?? 0;
    // Every third: as scattered as a filter would leave them.
    const uids = Array.from({ length: 1000 }, (_, at) => at * 3 + 1);
    const times: number[] = [];
    const commands: number[] = [];
    const bound: number[] = [];
    const raw = await RawImap.open(dovecot.ports.imap);
    await raw.ask('LOGIN anna pw');
    await raw.ask('SELECT INBOX');
    for (let run = 0; run < RUNS; run += 1) {
      const before = proxy.commands;
      const start = performance.now();
      await account.source.mark({ kind: 'seen', account: 'a', folder: 'INBOX', uidValidity, target: { uids } });
      times.push(performance.now() - start);
      commands.push(proxy.commands - before);
      await account.source.mark({ kind: 'unseen', account: 'a', folder: 'INBOX', uidValidity, target: { uids } });
      const rawStart = performance.now();
      await raw.ask(`UID STORE ${uids.join()} +FLAGS.SILENT (\\Seen)`);
      bound.push(performance.now() - rawStart);
      await raw.ask(`UID STORE ${uids.join()} -FLAGS.SILENT (\\Seen)`);
      await account.source.check();
    }
    raw.close();
    await account.close();
    const common = { bench: 'imap', note: 'flags are read back from the server; IDLE is ended first' };
    return [
      measure({ ...common, metric: '1,000 scattered messages marked read', unit: 'ms' }, times, {
        name: 'one STORE on a plain socket',
        values: bound,
      }),
      measure({ ...common, metric: '1,000 scattered messages marked read: commands', unit: '' }, commands, null),
    ];
  } finally {
    await proxy.close();
    await dovecot.close();
  }
}
