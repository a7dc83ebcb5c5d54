/** From the greeting to the number and the rows: over a long way, in small and in huge mailboxes, again with few changes. */
import { ImapFlow } from 'imapflow';
import { ChaosProxy } from '../tests/support/chaos-proxy.ts';
import { Dovecot } from '../tests/support/dovecot.ts';
import { TestAccount } from '../tests/support/imap-account.ts';
import { type Measurement, measure } from './measurement.ts';
import { RawImap } from './raw-imap.ts';

const SIZES = [1_000, 10_000, 50_000, 200_000];
const RUNS = 5;
/** Half of a round trip. Milliseconds. */
const HALF_WAY = 50;
const UNREAD_EACH = 100;
const FIELDS =
  'UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (From Subject Message-ID List-Id Content-Type)]';

const userOf = (size: number) => `u${size}`;

export async function measureOpening(): Promise<Measurement[]> {
  const users = Object.fromEntries(SIZES.map((size) => [userOf(size), 'pw']));
  const dovecot = await Dovecot.start({ tls: null, users });
  try {
    const results: Measurement[] = [];
    for (const size of SIZES) {
      dovecot.deliverMany(userOf(size), size, (n) => ({
        raw: message(n),
        flags: n % UNREAD_EACH === 0 ? [] : ['\\Seen'],
      }));
      // Dovecot reads the directory and makes its index at the first look.
      await rawOpening(dovecot.ports.imap, userOf(size));
    }
    results.push(...(await overALongWay(dovecot)));
    for (const size of SIZES) results.push(...(await ofSize(dovecot, size)));
    results.push(...(await again(dovecot)));
    return results;
  } finally {
    await dovecot.close();
  }
}

/** What any client has to say, and to wait for. */
async function rawOpening(port: number, user: string): Promise<{ count: number; first: number; all: number }> {
  const raw = await RawImap.open(port);
  try {
    await raw.ask(`LOGIN ${user} pw`);
    const exists = Number(/\* (\d+) EXISTS/.exec(await raw.ask('SELECT INBOX'))?.[1]);
    const unseen = await raw.ask('UID SEARCH RETURN (ALL COUNT) UNSEEN UNDELETED');
    const count = performance.now() - raw.greetedAt;
    await raw.ask(`FETCH ${Math.max(1, exists - 49)}:${exists} (${FIELDS})`);
    const first = performance.now() - raw.greetedAt;
    await raw.ask(`FETCH ${Math.max(1, exists - 199)}:${Math.max(1, exists - 50)} (${FIELDS})`);
    const set = /ALL (\S+)/.exec(unseen)?.[1]?.split(',').slice(-1000).join() ?? '1';
    await raw.ask(`UID FETCH ${set} (${FIELDS})`);
    return { count, first, all: performance.now() - raw.greetedAt };
  } finally {
    raw.close();
  }
}

async function overALongWay(dovecot: Dovecot): Promise<Measurement[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const bound: number[] = [];
  const trips: number[] = [];
  const theirTrips: number[] = [];
  const user = userOf(1_000);
  for (let run = 0; run < RUNS; run += 1) {
    const proxy = await ChaosProxy.start(dovecot.ports.imap);
    proxy.delay = HALF_WAY;
    const account = new TestAccount({ port: proxy.port, user });
    const opened = account.source.open();
    await account.untilUnread(1_000 / UNREAD_EACH);
    ours.push(performance.now() - proxy.greetedAt);
    trips.push(Math.round((ours.at(-1) ?? 0) / (2 * HALF_WAY)));
    await opened;
    await account.close();
    await proxy.close();

    const other = await ChaosProxy.start(dovecot.ports.imap);
    other.delay = HALF_WAY;
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: other.port,
      secure: false,
      doSTARTTLS: false,
      auth: { user, pass: 'pw' },
      logger: false,
      disableCompression: true,
    });
    client.on('error', () => {});
    await client.connect();
    await client.mailboxOpen('INBOX');
    await client.search({ seen: false }, { uid: true });
    theirs.push(performance.now() - other.greetedAt);
    theirTrips.push(Math.round((theirs.at(-1) ?? 0) / (2 * HALF_WAY)));
    client.close();
    await other.close();

    const third = await ChaosProxy.start(dovecot.ports.imap);
    third.delay = HALF_WAY;
    bound.push((await rawOpening(third.port, user)).count);
    await third.close();
  }
  const common = { bench: 'imap', note: 'AUTHENTICATE, ENABLE (may not come after SELECT, RFC 5161), SELECT, SEARCH' };
  return [
    measure({ ...common, metric: 'greeting to number, 100 ms round trips', unit: 'ms' }, ours, {
      name: 'imapflow alone',
      values: theirs,
    }),
    measure({ ...common, metric: 'the same beside a plain socket', unit: 'ms' }, ours, {
      name: 'LOGIN, SELECT, SEARCH on a plain socket',
      values: bound,
    }),
    measure({ ...common, metric: 'round trips from greeting to number', unit: '' }, trips, {
      name: 'imapflow alone',
      values: theirTrips,
    }),
  ];
}

async function ofSize(dovecot: Dovecot, size: number): Promise<Measurement[]> {
  const user = userOf(size);
  const ours = { count: [] as number[], first: [] as number[], all: [] as number[] };
  const bound = { count: [] as number[], first: [] as number[], all: [] as number[] };
  for (let run = 0; run < RUNS; run += 1) {
    const proxy = await ChaosProxy.start(dovecot.ports.imap);
    const account = new TestAccount({ port: proxy.port, user });
    const times = { count: 0, first: 0 };
    account.source.onChange = ({ unread, mailbox }) => {
      if (unread !== null) times.count ||= performance.now();
      if (mailbox && mailbox.state.rows.size >= 50) times.first ||= performance.now();
    };
    await account.source.open();
    ours.count.push(times.count - proxy.greetedAt);
    ours.first.push(times.first - proxy.greetedAt);
    ours.all.push(performance.now() - proxy.greetedAt);
    await account.close();
    await proxy.close();
    const raw = await rawOpening(dovecot.ports.imap, user);
    for (const key of ['count', 'first', 'all'] as const) bound[key].push(raw[key]);
  }
  const named = { count: 'number', first: 'first 50 rows', all: 'all wanted rows' };
  const note = `${size / UNREAD_EACH} unread; greeting counted as the start`;
  return [
    ...(['count', 'first', 'all'] as const).map((key) =>
      measure(
        { bench: 'imap', metric: `${size.toLocaleString('en')} messages: ${named[key]}`, unit: 'ms', note },
        ours[key],
        { name: 'plain socket, nothing read', values: bound[key] },
      ),
    ),
  ];
}

/** Reopening 50,000 messages: with nothing changed, and with ten flags and five messages less. */
async function again(dovecot: Dovecot): Promise<Measurement[]> {
  const size = 50_000;
  const user = userOf(size);
  const proxy = await ChaosProxy.start(dovecot.ports.imap);
  const account = await TestAccount.open({ port: proxy.port, user });
  await account.until(() => account.rows().every(({ snippet }) => snippet !== null), 'all words');
  const cost = async () => {
    await account.source.close();
    const before = { bytes: proxy.towardsClient, commands: proxy.commands };
    await account.connect().open();
    return { bytes: proxy.towardsClient - before.bytes, commands: proxy.commands - before.commands };
  };
  // Mod-sequences that were given out while it was read for the first time are settled by this.
  await cost();
  const nothing = await cost();

  const other = await dovecot.asClient(user);
  await other.mailboxOpen('INBOX');
  const newest = Array.from({ length: 10 }, (_, at) => size - 20 - at * 7);
  await other.messageFlagsAdd(newest.join(), ['\\Flagged'], { uid: true });
  await other.messageDelete([size - 3, size - 50, size - 90, size - 150, 100].join(), { uid: true });
  await other.logout();
  const some = await cost();
  await account.close();
  await proxy.close();

  const raw = await RawImap.open(dovecot.ports.imap);
  await raw.ask(`LOGIN ${user} pw`);
  await raw.ask('SELECT INBOX');
  const before = raw.bytes;
  await raw.ask('UID FETCH 1:* (FLAGS)');
  const scan = { name: 'all flags of the mailbox, plain socket', values: [raw.bytes - before] };
  raw.close();
  const common = { bench: 'imap', note: 'sign-in and SELECT included' };
  return [
    measure({ ...common, metric: '50,000 again, nothing changed: bytes', unit: 'B' }, [nothing.bytes], scan),
    measure({ ...common, metric: '50,000 again, nothing changed: commands', unit: '' }, [nothing.commands], null),
    measure({ ...common, metric: '50,000 again, 10 flags and 5 removals: bytes', unit: 'B' }, [some.bytes], scan),
    measure({ ...common, metric: '50,000 again, 10 flags and 5 removals: commands', unit: '' }, [some.commands], null),
  ];
}

function message(n: number): string {
  return `From: Sender ${n} <s${n % 500}@example.test>\r\nSubject: Message ${n} of a mailbox\r\nMessage-ID: <${n}@example.test>\r\n\r\nText ${n}\r\n`;
}
