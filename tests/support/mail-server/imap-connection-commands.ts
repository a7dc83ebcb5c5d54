/** CAPABILITY, NOOP, LOGOUT, ID, ENABLE, NAMESPACE, IDLE. */
import type { ImapCommand } from './imap-command.ts';

export const connectionCommands: readonly ImapCommand[] = [
  {
    name: 'CAPABILITY',
    state: 'any',
    run(session, args) {
      args.end();
      session.untagged(`CAPABILITY ${session.capabilities.join(' ')}`);
      return 'OK Done';
    },
  },
  {
    name: 'NOOP',
    state: 'any',
    run(_session, args) {
      args.end();
      return 'OK Done';
    },
  },
  {
    name: 'LOGOUT',
    state: 'any',
    run(session, args) {
      args.end();
      session.sayBye('Goodbye');
      return 'OK Done';
    },
  },
  {
    // RFC 2971
    name: 'ID',
    state: 'any',
    capability: 'ID',
    run(session) {
      session.untagged('ID ("name" "test mail server")');
      return 'OK Done';
    },
  },
  {
    // RFC 5161
    name: 'ENABLE',
    state: 'authenticated',
    capability: 'ENABLE',
    run(session, args) {
      const asked = args.atoms().map((name) => name.toUpperCase());
      const enabled = asked.filter((name) => name === 'CONDSTORE' && session.can(name));
      if (enabled.length) session.condstore = true;
      session.untagged(['ENABLED', ...enabled].join(' '));
      return 'OK Done';
    },
  },
  {
    // RFC 2342
    name: 'NAMESPACE',
    state: 'authenticated',
    capability: 'NAMESPACE',
    run(session, args) {
      args.end();
      session.untagged('NAMESPACE (("" "/")) NIL NIL');
      return 'OK Done';
    },
  },
  {
    // RFC 2177
    name: 'IDLE',
    state: 'authenticated',
    capability: 'IDLE',
    async run(session, args) {
      args.end();
      await session.idle();
      return 'OK Done';
    },
  },
];
