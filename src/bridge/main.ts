/** The command line: serve, pair, clients, revoke. */
import { formatPairingCode } from '../pairing-code.ts';
import { DEFAULT_PORT } from '../protocol.ts';
import { readCommandLine, UsageError } from './command-line.ts';
import { defaultDataFolder, openDataFolder, UnsafeFolder, UnusableFolder } from './data-folder.ts';
import { FolderTaken } from './folder-lock.ts';
import { DamagedFile } from './json-file.ts';
import { makeLog } from './log.ts';
import { CODE_LIFETIME, openPairingBook } from './pairing.ts';
import { findPortHolder } from './port-holder.ts';
import { serve } from './serve.ts';
import { PortDenied, PortTaken } from './server.ts';
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

const now = () => Date.now();
const print = (text: string) => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2), defaultDataFolder());
  if (asked.command === 'version') return print(VERSION);
  if (asked.command === 'help') return print(HELP.trimEnd());
  await openDataFolder(asked.folder);
  switch (asked.command) {
    case 'serve':
      return runServe(asked.folder, asked.port);
    case 'pair':
      return printCode(asked.folder);
    case 'clients':
      return printClients(asked.folder);
    case 'revoke':
      return revoke(asked.folder, asked.whom);
  }
}

/** @param chosen null: the port of last time, or the usual one */
async function runServe(folder: string, chosen: number | null): Promise<void> {
  const settings = settingsFile(folder);
  const port = chosen ?? (await settings.read()).port;
  const log = makeLog((line) => void process.stdout.write(line), now);
  const bridge = await serve({ folder, port, version: VERSION, log, now, random: Math.random }).catch(
    async (error: unknown) => {
      throw (await whyNotServing(error, folder, port)) ?? error;
    },
  );
  // Remembered only once it has worked.
  if (chosen !== null) await settings.write({ port: bridge.port });
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

async function whyNotServing(error: unknown, folder: string, port: number): Promise<UsageError | null> {
  if (error instanceof PortTaken) return new UsageError(await portTakenText(port));
  if (error instanceof PortDenied)
    return new UsageError(
      `This user may not use port ${port}. Choose one from 1024 up, such as the usual one: letterbox serve --port ${DEFAULT_PORT}`,
    );
  if (!(error instanceof FolderTaken)) return null;
  return new UsageError(
    [
      `A Letterbox bridge (process ${error.pid}) is running on ${folder} already; nothing needs to be done.`,
      'Otherwise end that one first, or give this one a folder of its own: letterbox serve --data DIR',
    ].join('\n'),
  );
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

async function revoke(folder: string, whom: string): Promise<void> {
  const gone = await openPairingBook(folder, now).revoke(whom);
  if (whom !== 'all' && gone.length === 0)
    throw new UsageError(`No paired browser has the id "${whom}". The ids: letterbox clients`);
  print(gone.length === 1 ? 'One browser is out.' : `${gone.length} browsers are out.`);
}

/** What is for people, in their words. */
const FOR_PEOPLE = [UsageError, UnsafeFolder, UnusableFolder, DamagedFile];

function wordsFor(error: unknown): string {
  if (!(error instanceof Error)) return 'Letterbox failed in a way nobody foresaw.';
  if (FOR_PEOPLE.some((kind) => error instanceof kind)) return error.message;
  // Of the system's errors the code alone: their texts name paths, and paths name people.
  if ('code' in error && 'syscall' in error)
    return `The system does not let Letterbox read, write or listen (${error.code} at ${error.syscall}).`;
  // Anything else could hold what a server or a file said: its kind is enough here.
  return `Letterbox failed in a way nobody foresaw (${error.name}).`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exitCode = 1;
});
