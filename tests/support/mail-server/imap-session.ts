/** What one IMAP connection has come to: who is signed in, what is selected; and how it speaks (RFC 9051 section 3). */
import type { Faults } from './faults.ts';
import type { Folder } from './folder.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { MailAccount, MailboxStore } from './mailbox-store.ts';
import { SelectedMailbox } from './selected-mailbox.ts';
import type { Transcript } from './transcript.ts';
import type { TlsKeyPair, Wire } from './wire.ts';

export interface ImapSettings {
  store: MailboxStore;
  faults: Faults;
  transcript: Transcript;
  security: 'tls' | 'starttls' | 'none';
  tls: TlsKeyPair | null;
  /** Without STARTTLS, LOGINDISABLED and AUTH=PLAIN, which follow from `security`. */
  capabilities: readonly string[];
}

/** RFC 9051 section 3. */
export type ImapState = 'not-authenticated' | 'authenticated' | 'selected';

export class ImapSession {
  readonly wire: Wire;
  readonly settings: ImapSettings;
  account: MailAccount | null = null;
  selected: SelectedMailbox | null = null;
  /** The client has said that it knows mod-sequences (RFC 7162 section 3.1). */
  condstore = false;
  /** A command is being carried out; set by the connection. */
  busy = false;
  /** BYE was said: no command is read any more. */
  ending = false;
  /** News goes out as it happens. */
  private idling = false;

  constructor(wire: Wire, settings: ImapSettings) {
    this.wire = wire;
    this.settings = settings;
  }

  get state(): ImapState {
    if (this.selected) return 'selected';
    return this.account ? 'authenticated' : 'not-authenticated';
  }

  /** The capabilities as they are at this point of the connection. */
  get capabilities(): string[] {
    const { security, faults, capabilities } = this.settings;
    const starttls = security === 'starttls' && !this.wire.encrypted;
    if (this.account) return [...capabilities];
    const signIn = starttls && !faults.withoutStartTls ? ['STARTTLS', 'LOGINDISABLED'] : ['AUTH=PLAIN'];
    return [...capabilities, ...signIn];
  }

  can(capability: string): boolean {
    return this.settings.capabilities.includes(capability);
  }

  /** Sends one untagged response, without its `* `. */
  untagged(response: string | Buffer): void {
    const bytes = typeof response === 'string' ? Buffer.from(response, 'latin1') : response;
    this.wire.write(Buffer.concat([Buffer.from('* '), bytes, Buffer.from('\r\n')]));
  }

  select(folder: Folder, readOnly: boolean): SelectedMailbox {
    this.deselect();
    this.selected = new SelectedMailbox(folder, readOnly, this, (change) => {
      if (change.kind === 'rebuilt') this.sayBye('Mailbox was rebuilt');
      else if (this.idling) this.tellNews(true);
    });
    return this.selected;
  }

  deselect(): void {
    this.selected?.close();
    this.selected = null;
  }

  /** Ends the connection: now, or as soon as the running command is answered. */
  sayBye(text: string): void {
    this.untagged(`BYE ${text}`);
    this.ending = true;
    if (this.idling || !this.busy) this.wire.end();
  }

  /** Sends news at once until the client says DONE (RFC 2177). */
  async idle(): Promise<void> {
    this.wire.write('+ idling\r\n');
    this.idling = !this.settings.faults.silentIdle;
    if (this.idling) this.tellNews(true);
    const line = await this.wire.incoming.readLine();
    this.idling = false;
    if (line && line.toString('latin1').toUpperCase() !== 'DONE') throw new ImapRefusal('BAD Expected DONE');
  }

  /** Brings the client up to date; `removals` as in `SelectedMailbox.takeNews`. */
  tellNews(removals: boolean): void {
    const news = this.selected?.takeNews({ removals, modseq: this.condstore }) ?? [];
    if (news.length) this.wire.write(news.map((line) => `${line}\r\n`).join(''));
  }
}
