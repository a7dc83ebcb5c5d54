/** A browser without a browser: pairs with a real bridge over a real socket and keeps what it is told. */
import { WebSocket } from 'ws';
import { type LinkSession, openLinkSession, type SessionEnd } from '../../src/background/link-session.ts';
import type { MessageContent } from '../../src/message-content.ts';
import type { AccountStatus, Message } from '../../src/model.ts';
import { parsePairingCode } from '../../src/pairing-code.ts';
import type { BridgeEvent, Command, EventOf, UnknownMessage } from '../../src/protocol.ts';
import { importKey } from '../../src/secure-channel.ts';

export const ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
const DEADLINE = 10_000;

export interface Identity {
  cid: Uint8Array;
  key: CryptoKey;
  port: number;
}

export class TestClient {
  readonly events: BridgeEvent[] = [];
  readonly statuses = new Map<string, AccountStatus>();
  readonly rows = new Map<string, Message>();
  /** Set when the bridge has confirmed the pairing. */
  newKey: CryptoKey | null = null;
  private readonly watchers = new Set<() => void>();
  private constructor(readonly session: LinkSession) {}

  /** Redeems a code; resolves when the bridge has confirmed. */
  static async pair(code: string, first: Command[] = []): Promise<{ client: TestClient; identity: Identity }> {
    const parsed = await parsePairingCode(code);
    if (!parsed) throw new Error('the code is mistyped');
    const { cid, secret, port } = parsed;
    const client = TestClient.open({ cid, key: await importKey(secret), port }, [
      { type: 'commit-pairing', label: 'test' },
      ...first,
    ]);
    await client.until((one) => one.events.some((event) => event.type === 'paired'));
    if (!client.newKey) throw new Error('paired without a key');
    return { client, identity: { cid, key: client.newKey, port } };
  }

  /** Connects as a paired browser that holds nothing. */
  static connect(identity: Identity): TestClient {
    return TestClient.open(identity, [{ type: 'resume', mailboxes: [] }]);
  }

  static open(identity: Identity, first: Command[], origin = ORIGIN): TestClient {
    const holder: { client?: TestClient } = {};
    const session = openLinkSession({
      ...identity,
      origin,
      version: '0.0.0',
      openSocket: (url, protocol) => new WebSocket(url, protocol, { origin }) as unknown as globalThis.WebSocket,
      now: Date.now,
      onProved: async (newKey) => {
        if (holder.client) holder.client.newKey = newKey;
        return first;
      },
      onReady: async () => {},
      onEvents: async (events) => holder.client?.take(events),
    });
    holder.client = new TestClient(session);
    return holder.client;
  }

  /** Resolves once the predicate holds; looks again after each frame. */
  async until<T>(
    look: (client: TestClient) => T,
    what = 'the awaited events',
    deadline = DEADLINE,
  ): Promise<NonNullable<T> & {}> {
    return await new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.watchers.delete(check);
        settle();
      };
      const check = () => {
        const found = look(this);
        if (found) end(() => resolve(found));
      };
      const fail = (why: string) =>
        end(() => reject(new Error(`${why} before ${what}: ${JSON.stringify([...this.statuses.values()])}`)));
      const timer = setTimeout(() => fail('time ran out'), deadline);
      void this.session.ended.then((reason) => fail(`the session ended (${reason.code})`));
      this.watchers.add(check);
      check();
    });
  }

  unread(account: string, count: number): Promise<AccountStatus> {
    return this.until(({ statuses }) => {
      const status = statuses.get(account);
      return status?.state === 'fresh' && status.unread === count ? status : null;
    }, `${count} unread`);
  }

  settled(id: string): Promise<EventOf<'settled'>> {
    return this.until(
      ({ events }) =>
        events.find((event) => event.type === 'settled' && event.id === id) as EventOf<'settled'> | undefined,
      'a settled operation',
    );
  }

  answered(id: string): Promise<EventOf<'answered'>> {
    return this.until(
      ({ events }) =>
        events.find((event) => event.type === 'answered' && event.id === id) as EventOf<'answered'> | undefined,
      'an answer',
    );
  }

  /** The content of a message that was asked for, put together. */
  content(id: string): MessageContent {
    const pieces = this.events.flatMap((event) => (event.type === 'content' && event.id === id ? [event] : []));
    const text = pieces.map(({ data }) => data).join('');
    if (text.length !== pieces[0]?.total) throw new Error('the content is not whole');
    return JSON.parse(text) as MessageContent;
  }

  /** The bytes of a part that have come so far. */
  bytes(id: string): Buffer {
    const chunks = this.events.flatMap((event) => (event.type === 'bytes' && event.id === id ? [event] : []));
    return Buffer.concat(chunks.map(({ data }) => Buffer.from(data, 'base64')));
  }

  /** The messages that a search has found so far. */
  found(id: string): Message[] {
    return this.events.flatMap((event) => (event.type === 'found' && event.id === id ? event.rows : []));
  }

  send(...commands: Command[]): void {
    this.session.send(commands);
  }

  async close(): Promise<SessionEnd> {
    this.session.close();
    return this.session.ended;
  }

  private take(events: readonly (BridgeEvent | UnknownMessage)[]): void {
    for (const event of events) {
      if (event.type === 'unknown') continue;
      this.events.push(event);
      if (event.type === 'status') this.statuses.set(event.account, event);
      if (event.type === 'begin') this.rows.clear();
      if (event.type === 'rows' || event.type === 'delta')
        for (const row of event.rows) this.rows.set(`${row.account} ${row.uid}`, row);
      if (event.type === 'delta') {
        for (const uid of event.gone) this.rows.delete(`${event.account} ${uid}`);
        for (const { uid, ...flags } of event.flags) {
          const row = this.rows.get(`${event.account} ${uid}`);
          if (row) this.rows.set(`${event.account} ${uid}`, { ...row, ...flags });
        }
      }
    }
    for (const check of [...this.watchers]) check();
  }
}
