import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ImapFlow } from 'imapflow';
import { find } from '../../scripts/requirements.mjs';
import type { TestCertificate } from './certificates.ts';
import { dovecotConfig } from './dovecot-config.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { type DeliverOptions, writeToMaildir } from './maildir.ts';
import { OwnedProcess } from './owned-process.ts';
import { temporaryDirectory } from './temporary.ts';

const run = promisify(execFile);

/** It is up within 200 ms on an idle machine. */
const READY_DEADLINE_MS = 15_000;
/** One look into a mailbox of some thousand messages takes less than a second. */
const DOVEADM_DEADLINE_MS = 30_000;

export interface DovecotPorts {
  imaps: number;
  /** Offers STARTTLS unless `tls` is null. */
  imap: number;
  pop3s: number;
  /** Offers STLS unless `tls` is null. */
  pop3: number;
}

export interface DovecotOptions {
  /** What the server shows (the leaf first) and its key, as PEM; null: no TLS at all. */
  tls: TestCertificate | null;
  /** User names and passwords; one user `anna` with `pw` when left out. */
  users?: Readonly<Record<string, string>>;
  /** What the server claims to be able to do, instead of the truth: `IMAP4rev1 IDLE`. */
  capability?: string;
  /** Further lines of Dovecot's configuration; they win over ours. */
  extra?: string;
}

/** A real Dovecot 2.3 on 127.0.0.1 with a Maildir for each user, all below one temporary directory. */
export class Dovecot {
  readonly ports: DovecotPorts;
  readonly #directory = temporaryDirectory('dovecot');
  readonly #users: Map<string, string>;
  readonly #mailUser = mailUser();
  readonly #clients = new Set<ImapFlow>();
  #process: OwnedProcess | undefined;
  #usersWritten = 0;

  private constructor(ports: DovecotPorts, options: DovecotOptions) {
    this.ports = ports;
    this.#users = new Map(Object.entries(options.users ?? { anna: 'pw' }));
    this.#prepare(options);
  }

  /** Starts one on free ports and waits until it answers. */
  static async start(options: DovecotOptions): Promise<Dovecot> {
    const ports = { imaps: await freePort(), imap: await freePort(), pop3s: await freePort(), pop3: await freePort() };
    const dovecot = new Dovecot(ports, options);
    try {
      await dovecot.start();
    } catch (error) {
      await dovecot.close();
      throw error;
    }
    return dovecot;
  }

  /** Starts it again after `stop`, on the same ports and with the same mail. */
  async start(): Promise<void> {
    if (this.#process?.running) return;
    const process = new OwnedProcess(find('dovecot').path ?? 'dovecot', ['-F', '-c', this.#config]);
    this.#process = process;
    await process.untilReady(
      eventually(() => !process.running || greets(this.ports.imap), {
        deadline: READY_DEADLINE_MS,
        what: 'a greeting from Dovecot',
      }),
    );
  }

  /** Ends it and all its connections, as when a server goes away. Mail can still be delivered. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** Ends it for good and removes its mail. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#clients.clear();
    await this.stop();
    this.#directory.remove();
  }

  /** What Dovecot wrote to its log since it was last started. */
  log(): string {
    return this.#process?.log() ?? '';
  }

  /** Delivers one message; a server that runs notices by inotify. */
  deliver(user: string, raw: string | Uint8Array, options?: DeliverOptions): void {
    writeToMaildir(this.#maildir(user), raw, this.#mailUser, options);
  }

  /** Delivers `count` messages as quickly as the disk allows; `make` is asked for each, from 0 up. */
  deliverMany(
    user: string,
    count: number,
    make: (index: number) => { raw: string | Uint8Array } & DeliverOptions,
  ): void {
    for (let index = 0; index < count; index += 1) {
      const { raw, ...options } = make(index);
      this.deliver(user, raw, options);
    }
  }

  /** Adds a user or changes the password, and waits until it is taken; who is connected stays so. */
  async setPassword(user: string, password: string): Promise<void> {
    this.#users.set(user, password);
    this.#writeUsers();
    if (!this.#process?.running) return;
    // Dovecot looks at the file's time at most once a second.
    await eventually(() => this.#doveadm('auth', 'test', user, password), {
      what: () => `the new password to be taken\n${this.log()}`,
    });
  }

  /** A second client of this user's mail, connected. It ends with `close` at the latest. */
  async asClient(user: string): Promise<ImapFlow> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: this.ports.imap,
      secure: false,
      doSTARTTLS: false,
      auth: { user, pass: this.#password(user) },
      logger: false,
      disableCompression: true,
    });
    // Without a listener the end of the server would end this process.
    client.on('error', () => {});
    client.on('close', () => this.#clients.delete(client));
    this.#clients.add(client);
    await client.connect();
    return client;
  }

  /** The server's own view: the flags of each UID. Asked by doveadm, so no flag changes and \Recent stays. */
  async flags(user: string, folder = 'INBOX'): Promise<Map<number, string[]>> {
    const answer = await this.#doveadm('-f', 'json', 'fetch', '-u', user, 'uid flags', 'mailbox', folder);
    const rows = answer.trim() === '' ? [] : (JSON.parse(answer) as Record<string, string>[]);
    return new Map(rows.map((row) => [Number(row['uid']), (row['flags'] ?? '').split(' ').filter(Boolean)]));
  }

  /** UIDs with \Seen, ascending. */
  async seenUids(user: string, folder = 'INBOX'): Promise<number[]> {
    return uidsWhere(await this.flags(user, folder), (flags) => flags.includes('\\Seen'));
  }

  /** UIDs that count as unread: neither \Seen nor \Deleted; ascending. */
  async unreadUids(user: string, folder = 'INBOX'): Promise<number[]> {
    return uidsWhere(
      await this.flags(user, folder),
      (flags) => !flags.includes('\\Seen') && !flags.includes('\\Deleted'),
    );
  }

  async #doveadm(...args: string[]): Promise<string> {
    const { stdout } = await run('doveadm', ['-c', this.#config, ...args], {
      timeout: DOVEADM_DEADLINE_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }

  get #config(): string {
    return join(this.#directory.path, 'dovecot.conf');
  }

  #maildir(user: string): string {
    return join(this.#directory.path, 'mail', user);
  }

  #password(user: string): string {
    const password = this.#users.get(user);
    if (password === undefined) throw new Error(`this Dovecot has no user ${user}`);
    return password;
  }

  #prepare({ tls, capability, extra = '' }: DovecotOptions): void {
    const { path } = this.#directory;
    const root = process.getuid?.() === 0;
    // Dovecot's unprivileged processes have to get through to the mail.
    chmodSync(path, 0o755);
    mkdirSync(join(path, 'mail'), { mode: 0o755 });
    chownSync(join(path, 'mail'), this.#mailUser.uid, this.#mailUser.gid);
    if (tls) {
      writeFileSync(join(path, 'certificate.pem'), tls.cert);
      writeFileSync(join(path, 'key.pem'), tls.key, { mode: 0o600 });
    }
    this.#writeUsers();
    const config = dovecotConfig({
      directory: path,
      ports: this.ports,
      tls: tls !== null,
      mailUser: this.#mailUser,
      internalUser: root ? 'dovecot' : idOf('-un'),
      internalGroup: root ? 'dovecot' : idOf('-gn'),
      loginUser: root ? 'dovenull' : idOf('-un'),
      capability,
      extra,
    });
    writeFileSync(this.#config, config);
  }

  #writeUsers(): void {
    const path = join(this.#directory.path, 'users');
    const lines = [...this.#users].map(([user, password]) => `${user}:{PLAIN}${password}`);
    writeFileSync(`${path}.new`, `${lines.join('\n')}\n`, { mode: 0o644 });
    // Dovecot reads the file again when its time, in whole seconds, has changed.
    this.#usersWritten += 1;
    const time = new Date(Date.now() - 3_600_000 + this.#usersWritten * 2_000);
    utimesSync(`${path}.new`, time, time);
    renameSync(`${path}.new`, path);
  }
}

function uidsWhere(all: Map<number, string[]>, wanted: (flags: string[]) => boolean): number[] {
  return [...all]
    .filter(([, flags]) => wanted(flags))
    .map(([uid]) => uid)
    .sort((a, b) => a - b);
}

/** Dovecot refuses to touch mail as root, so root lends it the system's own user for mail. */
function mailUser(): { uid: number; gid: number } {
  if (process.getuid?.() !== 0) return { uid: Number(idOf('-u')), gid: Number(idOf('-g')) };
  return { uid: Number(idOf('-u', 'mail')), gid: Number(idOf('-g', 'mail')) };
}

function idOf(...args: string[]): string {
  return execFileSync('id', args, { encoding: 'utf8' }).trim();
}

/** Whether an IMAP server says hello on this port. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const done = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', done(true)).once('error', done(false)).once('close', done(false));
  });
}
