/** What the server does wrong on purpose. One object for a server; may be changed while it runs. */

/** What a rule makes of a command that it fits. Times are milliseconds. */
export type FaultAction =
  /** The line is dropped and the command not carried out. */
  | { do: 'cut'; reset?: boolean }
  /** The command is carried out, its answer ends after so many bytes, and so does the line. */
  | { do: 'cut-answer'; afterBytes: number }
  /** This status line comes instead of the command being carried out: `NO [LIMIT] Rate limit hit`. */
  | { do: 'answer'; status: string }
  /** These bytes come instead; `{tag}` in them becomes the command's tag. */
  | { do: 'send'; bytes: string | Buffer }
  /** These bytes come first, then the command is carried out as ever. */
  | { do: 'send-before'; bytes: string | Buffer }
  /** The command is carried out after this time. */
  | { do: 'delay'; milliseconds: number }
  /** The command is never answered; later ones are. */
  | { do: 'ignore' }
  /** The command is never answered, nor anything else on this connection. */
  | { do: 'freeze' }
  /** A line comes again and again, the answer never does. */
  | { do: 'trickle'; everyMilliseconds: number; line?: string };

export interface FaultRule {
  /** A command's name in capitals (`UID FETCH`), or a pattern for the command without tag and secrets. */
  match: string | RegExp;
  action: FaultAction;
  /** Only the nth fitting command, counted from 1 over all connections from the moment of the rule. */
  nth?: number;
  /** Only so many fitting commands, from the first (or nth) on. Default: all; 1 where `nth` is given. */
  times?: number;
}

/**
 * What is said in place of the greeting. After the named ones (their bytes are below) nothing more is said; after bytes
 * of one's own commands are answered as ever.
 */
export type Greeting = 'never' | 'garbage' | 'pop3' | 'smtp' | 'http' | 'bye' | { bytes: string | Buffer };

const GREETINGS: Record<Exclude<Greeting, 'never' | object>, string> = {
  garbage: '\x00\x01\xfe\xff nothing that any mail program says \x9d\r\n',
  pop3: '+OK POP3 server ready\r\n',
  smtp: '220 mail.example.test ESMTP\r\n',
  http: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
  bye: '* BYE Too many connections, try again later\r\n',
};

export class Faults {
  /** What is said in place of the greeting; null for the true one. After `bye` and `http` the line ends. */
  greeting: Greeting | null = null;
  /** The status line for every try to sign in, as in `NO [UNAVAILABLE] Come back later`; null to look at the password. */
  signInAnswer: string | null = null;
  /** STARTTLS is neither offered nor understood, as by an attacker on the line or a simple server. */
  withoutStartTls = false;
  /** IDLE is entered and left as ever and tells nothing in between. */
  silentIdle = false;
  /** SEARCH finds only so many: the oldest ones. */
  searchLimit = Number.POSITIVE_INFINITY;
  /** SELECT tells neither UIDNEXT nor the first unseen message (163.com, Winmail). */
  bareSelect = false;
  /** What STATUS tells for UIDVALIDITY, if not the truth (Courier: another one each time). */
  statusValidity: (() => number) | null = null;
  private isFrozen = false;
  private rules: { rule: FaultRule; seen: number }[] = [];

  /** Called when everything freezes or thaws; the server sets it. */
  onFreeze: ((frozen: boolean) => void) | null = null;

  get frozen(): boolean {
    return this.isFrozen;
  }

  /** All connections, and those still to come, are accepted and hear nothing from here on; also no TLS handshake. */
  freeze(): void {
    this.isFrozen = true;
    this.onFreeze?.(true);
  }

  /** Undoes `freeze`: what was sent meanwhile is read and answered. */
  thaw(): void {
    this.isFrozen = false;
    this.onFreeze?.(false);
  }

  /** Adds a rule; the first that fits a command decides. The answer takes it away again. */
  when(match: string | RegExp, action: FaultAction, limits: { nth?: number; times?: number } = {}): () => void {
    const entry = { rule: { match, action, ...limits }, seen: 0 };
    this.rules.push(entry);
    return () => {
      this.rules = this.rules.filter((other) => other !== entry);
    };
  }

  /** No faults any more. */
  clear(): void {
    this.greeting = null;
    this.signInAnswer = null;
    this.withoutStartTls = false;
    this.silentIdle = false;
    this.searchLimit = Number.POSITIVE_INFINITY;
    this.bareSelect = false;
    this.statusValidity = null;
    this.rules = [];
    this.thaw();
  }

  /** What is to be done with this command, if anything; counts it. */
  actionFor(command: string, text: string): FaultAction | null {
    for (const entry of this.rules) {
      const { match, action, nth, times } = entry.rule;
      if (typeof match === 'string' ? match !== command : !match.test(text)) continue;
      entry.seen += 1;
      const first = nth ?? 1;
      const last = first + (times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1)) - 1;
      if (entry.seen >= first && entry.seen <= last) return action;
    }
    return null;
  }
}

/** The bytes of a greeting that is not the true one; null for none at all. */
export function greetingBytes(greeting: Greeting): string | Buffer | null {
  if (greeting === 'never') return null;
  return typeof greeting === 'string' ? GREETINGS[greeting] : greeting.bytes;
}
