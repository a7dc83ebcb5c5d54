/** STARTTLS, LOGIN, AUTHENTICATE PLAIN (RFC 9051 section 6.2). */
import type { ImapCommand } from './imap-command.ts';
import { ImapRefusal } from './imap-refusal.ts';
import type { ImapSession } from './imap-session.ts';

export const signInCommands: readonly ImapCommand[] = [
  {
    name: 'STARTTLS',
    state: 'not-authenticated',
    run(session, args) {
      args.end();
      const { tls, transcript } = session.settings;
      if (!tls || !session.capabilities.includes('STARTTLS')) throw new ImapRefusal('BAD Unknown command');
      return {
        status: 'OK Begin TLS negotiation now',
        async afterwards() {
          if (!(await session.wire.startTls(tls))) return;
          transcript.add({ connection: session.wire.number, event: 'encrypted', command: '', text: '' });
        },
      };
    },
  },
  {
    name: 'LOGIN',
    state: 'not-authenticated',
    run(session, args) {
      const user = args.text();
      const password = args.text();
      args.end();
      return signIn(session, user, password);
    },
  },
  {
    // RFC 4616, RFC 4959
    name: 'AUTHENTICATE',
    state: 'not-authenticated',
    async run(session, args) {
      if (args.atom().toUpperCase() !== 'PLAIN') throw new ImapRefusal('NO Unknown mechanism');
      if (!args.isEmpty && !session.can('SASL-IR')) throw new ImapRefusal('BAD No initial response here');
      const initial = args.isEmpty ? await askFor(session) : args.atom();
      args.end();
      const [, user, password] = Buffer.from(initial, 'base64').toString('utf8').split('\0');
      if (user === undefined || password === undefined) throw new ImapRefusal('BAD Malformed response');
      return signIn(session, user, password);
    },
  },
];

async function askFor(session: ImapSession): Promise<string> {
  session.wire.write('+ \r\n');
  const line = (await session.wire.incoming.readLine())?.toString('latin1');
  if (line === undefined || line === '*') throw new ImapRefusal('BAD Cancelled');
  return line;
}

function signIn(session: ImapSession, user: string, password: string): string {
  const { faults, store } = session.settings;
  if (session.capabilities.includes('LOGINDISABLED')) throw new ImapRefusal('NO [PRIVACYREQUIRED] Use STARTTLS first');
  if (faults.signInAnswer !== null) return faults.signInAnswer;
  const account = store.signIn(user, password);
  if (!account) throw new ImapRefusal('NO [AUTHENTICATIONFAILED] Invalid credentials');
  session.account = account;
  return `OK [CAPABILITY ${session.capabilities.join(' ')}] Logged in`;
}
