/** The command line: serve, pair, clients, revoke. */
import { parseArgs } from 'node:util';
import { formatPairingCode } from '../pairing-code.ts';
import { defaultDataFolder, openDataFolder, UnsafeFolder } from './data-folder.ts';
import { DamagedFile } from './json-file.ts';
import { makeLog } from './log.ts';
import { CODE_LIFETIME, openPairingBook } from './pairing.ts';
import { findPortHolder } from './port-holder.ts';
import { serve } from './serve.ts';
import { PortTaken } from './server.ts';
import { settingsFile } from './settings.ts';

/** Set by the build from package.json. */
declare const LETTERBOX_VERSION: string;
const VERSION = LETTERBOX_VERSION;

const HELP = `letterbox ${VERSION}: the bridge between your mail and your browser's toolbar

  letterbox serve [--port N]   run the bridge; another port than the usual one is remembered
  letterbox pair               print a code that pairs one browser; paste it on the options page
  letterbox clients            list the paired browsers
  letterbox revoke ID | --all  put a browser out, or all of them

  --data DIR   keep the data there instead of ${defaultDataFolder()}
  --version    print the version
  --help       print this
`;

/** Something the user can mend; printed without a stack. */
class UsageError extends Error {}

const now = () => Date.now();
const print = (text: string) => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { values, positionals } = parseCommandLine();
  if (values.version) return print(VERSION);
  const command = positionals[0];
  if (values.help || command === undefined) return print(HELP.trimEnd());
  const folder = values.data ?? defaultDataFolder();
  await openDataFolder(folder);
  if (command === 'serve') return runServe(folder, values.port);
  if (command === 'pair') return printCode(folder);
  if (command === 'clients') return printClients(folder);
  if (command === 'revoke') return revoke(folder, values.all ? 'all' : positionals[1]);
  throw new UsageError(`There is no command "${command}". Try: letterbox --help`);
}

function parseCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        all: { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'That cannot be read. Try: letterbox --help');
  }
}

async function runServe(folder: string, portText: string | undefined): Promise<void> {
  const settings = settingsFile(folder);
  const port = portText === undefined ? (await settings.read()).port : parsePort(portText);
  const log = makeLog((line) => void process.stdout.write(line), now);
  const bridge = await serve({ folder, port, version: VERSION, log, now, random: Math.random }).catch(
    async (error: unknown) => {
      throw error instanceof PortTaken ? new UsageError(await portTakenText(port)) : error;
    },
  );
  // Remembered only once it has worked.
  if (portText !== undefined) await settings.write({ port: bridge.port });
  const stop = () => {
    log('info', 'stopping');
    void bridge.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.on('uncaughtException', (error) => {
    log('error', 'unforeseen', { kind: error.name });
    process.exit(1);
  });
  // Last: who waits for this line may end the bridge at once, and the signal must find somebody.
  log('info', 'listening', { port: bridge.port, version: VERSION });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) throw new UsageError(`"${text}" is no port: it must be a number from 1 to 65535.`);
  return port;
}

async function portTakenText(port: number): Promise<string> {
  const holder = await findPortHolder(port);
  return [
    `Port ${port} on 127.0.0.1 is taken${holder ? ` by ${holder}` : ''}.`,
    'If that is another Letterbox bridge, it is running already and nothing needs to be done.',
    `Otherwise end that program, or choose another port: letterbox serve --port ${port === 65535 ? port - 1 : port + 1}`,
    'and tell the number to the options page of the extension.',
  ].join('\n');
}

async function printCode(folder: string): Promise<void> {
  const { port } = await settingsFile(folder).read();
  const code = await openPairingBook(folder, now).addPending(port);
  if (!code) throw new UsageError('Three codes are waiting to be used already. They expire within ten minutes.');
  print('Paste this code on the options page of Letterbox. It works once, within the next');
  print(
    `${CODE_LIFETIME / 60_000} minutes. Whoever has it can read your mail through this bridge: show it to nobody.\n`,
  );
  print(await formatPairingCode(code));
}

async function printClients(folder: string): Promise<void> {
  const clients = await openPairingBook(folder, now).clients();
  if (clients.length === 0) return print('No browser is paired. To pair one: letterbox pair');
  for (const { cid, label, created, lastSeen } of clients)
    print(`${cid}  ${label}  paired ${day(created)}, last seen ${day(lastSeen)}`);
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

async function revoke(folder: string, cid: string | undefined): Promise<void> {
  if (cid === undefined)
    throw new UsageError('Whom? letterbox revoke ID, or letterbox revoke --all. The ids: letterbox clients');
  const gone = await openPairingBook(folder, now).revoke(cid);
  if (cid !== 'all' && gone.length === 0)
    throw new UsageError(`No paired browser has the id "${cid}". The ids: letterbox clients`);
  print(gone.length === 1 ? 'One browser is out.' : `${gone.length} browsers are out.`);
}

main().catch((error: unknown) => {
  const forPeople = error instanceof UsageError || error instanceof UnsafeFolder || error instanceof DamagedFile;
  // Anything else could hold what a server or a file said: its kind is enough here.
  const text = forPeople
    ? error.message
    : `Letterbox failed in a way nobody foresaw (${error instanceof Error ? error.name : 'unknown'}).`;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
