/** The bridge's own process: idle with many accounts, and from its start to the number. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../src/model.ts';
import { BridgeProcess } from '../tests/support/bridge-process.ts';
import { testCertificates } from '../tests/support/certificates.ts';
import { Dovecot } from '../tests/support/dovecot.ts';
import { TestClient } from '../tests/support/test-client.ts';
import { type Measurement, measure } from './measurement.ts';
import { RawImap } from './raw-imap.ts';

const ACCOUNTS = [1, 10, 50];
const SIZES = [1_000, 10_000, 50_000];
const IDLE_SECONDS = 60;
const STARTS = 10;
/** Ticks of a second in /proc/PID/stat; the same on every Linux that Node runs on. */
const TICKS = 100;

export async function measureProcess(): Promise<Measurement[]> {
  const { ca, good } = await testCertificates();
  const names = Array.from({ length: Math.max(...ACCOUNTS) }, (_, at) => `u${at}`);
  const sizes = SIZES.map((size) => `of${size}`);
  const users = { ...Object.fromEntries([...names, ...sizes].map((name) => [name, 'pw'])), big: 'pw' };
  const dovecot = await Dovecot.start({ tls: good, users });
  try {
    for (const name of names) dovecot.deliverMany(name, 20, (n) => ({ raw: message(n) }));
    dovecot.deliverMany('big', 10_000, (n) => ({ raw: message(n), flags: n % 10 === 0 ? [] : ['\\Seen'] }));
    const bare = await bareNode();
    const results: Measurement[] = [];
    for (const count of ACCOUNTS) results.push(...(await idle(dovecot, ca, names.slice(0, count), bare)));
    for (const size of SIZES) results.push(await ofSize(dovecot, ca, size, bare));
    results.push(await start(dovecot, ca));
    return results;
  } finally {
    await dovecot.close();
  }
}

async function idle(dovecot: Dovecot, ca: string, names: string[], bare: number): Promise<Measurement[]> {
  const bridge = await BridgeProcess.start({ ca });
  const { client } = await TestClient.pair(await bridge.pair(), [{ type: 'resume', mailboxes: [] }]);
  try {
    for (const name of names) add(client, accountOf(name, dovecot.ports.imaps));
    for (const name of names) await client.unread(name, 20);
    const pings = setInterval(() => client.send({ type: 'ping' }), 20_000);
    await sleep(10_000);
    const before = cpuSeconds(bridge.pid);
    await sleep(IDLE_SECONDS * 1000);
    const cpu = cpuSeconds(bridge.pid) - before;
    clearInterval(pings);
    const accounts = `${names.length} account${names.length === 1 ? '' : 's'}`;
    const common = { bench: 'imap', note: `by TLS, one browser connected, ${IDLE_SECONDS} s` };
    return [
      measure({ ...common, metric: `${accounts} idle: memory (PSS)`, unit: 'MiB' }, [pss(bridge.pid)], {
        name: 'Node that does nothing',
        values: [bare],
      }),
      measure({ ...common, metric: `${accounts} idle: CPU`, unit: '%' }, [(100 * cpu) / IDLE_SECONDS], null),
    ];
  } finally {
    await client.close();
    await bridge.close();
  }
}

/** With one account of so many messages, all of them unread: the number is exact for any size, and held as a set. */
async function ofSize(dovecot: Dovecot, ca: string, size: number, bare: number): Promise<Measurement> {
  const user = `of${size}`;
  dovecot.deliverMany(user, size, (n) => ({ raw: message(n) }));
  const bridge = await BridgeProcess.start({ ca });
  const { client } = await TestClient.pair(await bridge.pair(), [{ type: 'resume', mailboxes: [] }]);
  try {
    add(client, accountOf(user, dovecot.ports.imaps));
    await client.unread(user, size);
    await client.until(({ rows }) => rows.size >= 1_000, 'all wanted rows', 60_000);
    await sleep(5_000);
    const metric = `one account, ${size.toLocaleString('en')} unread: memory (PSS)`;
    return measure({ bench: 'imap', metric, unit: 'MiB', note: 'after all rows were read' }, [pss(bridge.pid)], {
      name: 'Node that does nothing',
      values: [bare],
    });
  } finally {
    await client.close();
    await bridge.close();
  }
}

/** From the start of the program to the number at a browser that dials as soon as it can. */
async function start(dovecot: Dovecot, ca: string): Promise<Measurement> {
  const bridge = await BridgeProcess.start({ ca });
  const { client, identity } = await TestClient.pair(await bridge.pair(), [{ type: 'resume', mailboxes: [] }]);
  add(client, accountOf('big', dovecot.ports.imaps));
  await client.unread('big', 1_000);
  await client.close();
  const times: number[] = [];
  const bound: number[] = [];
  for (let run = 0; run < STARTS; run += 1) {
    await bridge.kill('SIGTERM');
    const begun = performance.now();
    await bridge.restart();
    const browser = TestClient.connect(identity);
    await browser.unread('big', 1_000);
    times.push(performance.now() - begun);
    await browser.close();

    const rawBegun = performance.now();
    const node = spawn(process.execPath, ['-e', '0']);
    await once(node, 'exit');
    const raw = await RawImap.open(dovecot.ports.imaps, ca);
    await raw.ask('LOGIN big pw');
    await raw.ask('SELECT INBOX');
    await raw.ask('UID SEARCH RETURN (ALL COUNT) UNSEEN UNDELETED');
    bound.push(performance.now() - rawBegun);
    raw.close();
  }
  await bridge.close();
  return measure(
    {
      bench: 'imap',
      metric: 'start of the bridge to the number of 10,000, TLS',
      unit: 'ms',
      note: 'seen by a browser that reconnects',
    },
    times,
    { name: 'start of a bare Node, then LOGIN, SELECT, SEARCH on a plain socket', values: bound },
  );
}

function add(client: TestClient, account: Account): void {
  client.send({ type: 'operate', id: `put-${account.id}`, operation: { kind: 'put-account', account } });
  client.send({ type: 'set-secret', account: account.id, secret: 'pw' });
}

function accountOf(user: string, port: number): Account {
  const server = { host: '127.0.0.1', port, security: 'tls' } as const;
  return { id: user, protocol: 'imap', name: user, address: '', user, server };
}

async function bareNode(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await sleep(2_000);
  const memory = pss(child.pid);
  child.kill();
  return memory;
}

/** Its share of memory, MiB (proc(5), smaps_rollup). */
function pss(pid: number | undefined): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
}

/** User and system time of the process, seconds (proc(5), stat). */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function message(n: number): string {
  return `From: Sender ${n} <s${n}@example.test>\r\nSubject: Message ${n}\r\nMessage-ID: <${n}@example.test>\r\n\r\nText\r\n`;
}
