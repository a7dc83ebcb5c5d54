/** The command line as a user meets it: the built program in processes of its own. */
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePairingCode } from '../../src/pairing-code.ts';
import { DEFAULT_PORT } from '../../src/protocol.ts';
import { BridgeProcess } from '../support/bridge-process.ts';
import { freePort } from '../support/free-port.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary.ts';
import { TestClient } from '../support/test-client.ts';

const PROGRAM = fileURLToPath(new URL('../../dist-test/bridge/letterbox.js', import.meta.url));
const DEADLINE = 15_000;
/** Linux: the first port that needs no rights. */
const LOWEST_FREE = '/proc/sys/net/ipv4/ip_unprivileged_port_start';

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

let directory: TemporaryDirectory;
let data: string;

beforeEach(() => {
  directory = temporaryDirectory('main');
  data = `${directory.path}/data`;
});
afterEach(() => directory.remove());

/** Runs a command to its end. */
const letterbox = (...parameters: string[]) => run([...parameters, '--data', data]);

/** @param uid the user to run as; only for root to choose */
function run(parameters: string[], uid?: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const options = { timeout: DEADLINE, killSignal: 'SIGKILL' as const, ...(uid === undefined ? {} : { uid }) };
    execFile(process.execPath, [PROGRAM, ...parameters], options, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}

/** Somebody whom modes bind; root runs the tests as well as anybody. */
const NOBODY = process.getuid?.() === 0 ? 65534 : undefined;

const codeIn = (text: string) => parsePairingCode(/mb1_[\w-]+/.exec(text)?.[0] ?? '');

it('says what it can do', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(await letterbox('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  for (const parameters of [[], ['--help'], ['-h']]) {
    const { code, stdout } = await letterbox(...parameters);
    expect(code).toBe(0);
    for (const command of ['serve', 'pair', 'clients', 'revoke']) expect(stdout).toContain(`letterbox ${command}`);
  }
});

it.each<[string[], RegExp]>([
  [['sevre'], /^There is no command "sevre"\. Try: letterbox --help\n$/],
  [['serve', '--prot', '1'], /--prot/],
  [['serve', '--port', 'mail'], /^"mail" is no port: it must be a number from 1 to 65535\.\n$/],
  [['serve', '--port', '0'], /is no port/],
  [['serve', '--port', '65536'], /is no port/],
  [['serve', '28115'], /^A port is given like this: letterbox serve --port 28115\n$/],
  [['serve', 'now'], /^"now" is one word too many for "letterbox serve"\. Try: letterbox --help\n$/],
  [['pair', 'chrome'], /^"chrome" is one word too many for "letterbox pair"/],
  [['clients', '--all'], /^--all belongs to "letterbox revoke", not to "clients"\. Try: letterbox --help\n$/],
  [['pair', '--port', '1'], /^--port belongs to "letterbox serve", not to "pair"\. Try: letterbox --help\n$/],
  [['revoke', 'one', 'two'], /^"two" is one word too many for "letterbox revoke"/],
  [['revoke', 'one', '--all'], /^"one" is one word too many for "letterbox revoke"/],
  [['revoke'], /^Whom\? letterbox revoke ID, or letterbox revoke --all\. The ids: letterbox clients\n$/],
  [['revoke', 'abc'], /^No paired browser has the id "abc"\. The ids: letterbox clients\n$/],
])('%j: a sentence, no stack, and a code that is not 0', async (parameters, sentence) => {
  const { code, stdout, stderr } = await letterbox(...parameters);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
  // Nothing was begun, not even a folder.
  if (!sentence.source.includes('No paired browser')) expect(existsSync(data)).toBe(false);
});

describe('a port that is taken', () => {
  it('is named, with what can be done, and is not remembered', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const { code, stderr } = await letterbox('serve', '--port', String(port));
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken by \\S.* \\(process ${process.pid}\\)\\.\n`),
      );
      expect(stderr).toContain(`letterbox serve --port ${port + 1}`);
      expect(stderr).not.toMatch(/\n\s+at /);
    } finally {
      other.close();
    }
    expect((await codeIn((await letterbox('pair')).stdout))?.port).toBe(DEFAULT_PORT);
  });
});

describe('serving', () => {
  it('on another port is remembered', async () => {
    const port = await freePort();
    const bridge = await BridgeProcess.start({ data, port });
    await bridge.close();
    expect(bridge.lines.map(({ event }) => event)).toEqual(['listening', 'stopping']);
    expect((await codeIn((await letterbox('pair')).stdout))?.port).toBe(port);
  });

  it('a browser is paired, listed without its key, and put out at once', async () => {
    expect((await letterbox('clients')).stdout).toBe('No browser is paired. To pair one: letterbox pair\n');
    const bridge = await BridgeProcess.start({ data });
    try {
      const { client, identity } = await TestClient.pair(await bridge.pair());
      const id = Buffer.from(identity.cid).toString('hex');
      const { stdout } = await letterbox('clients');
      expect(stdout).toMatch(new RegExp(`^${id}  test  paired \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d, last seen .*\\n$`));
      const { clients } = JSON.parse(readFileSync(`${data}/pairing.json`, 'utf8')) as { clients: { key: string }[] };
      expect(clients).toHaveLength(1);
      expect(stdout).not.toContain(clients[0]?.key);
      expect(await letterbox('revoke', id)).toEqual({ code: 0, stdout: 'One browser is out.\n', stderr: '' });
      expect(await client.session.ended).toEqual({ code: 'pairing-revoked', final: true });
    } finally {
      await bridge.close();
    }
  });

  it('three codes may wait; revoking all takes them too', async () => {
    for (let time = 0; time < 3; time += 1) expect((await letterbox('pair')).code).toBe(0);
    const fourth = await letterbox('pair');
    expect([fourth.code, fourth.stdout]).toEqual([1, '']);
    expect(fourth.stderr).toMatch(/^Three codes are waiting/);
    expect((await letterbox('revoke', '--all')).stdout).toBe('0 browsers are out.\n');
    expect((await letterbox('pair')).code).toBe(0);
  });
});

describe('a data folder', () => {
  it('that a bridge is at work on is not given to a second one, on whatever port', async () => {
    const bridge = await BridgeProcess.start({ data });
    try {
      const second = await letterbox('serve', '--port', String(await freePort()));
      expect([second.code, second.stdout]).toEqual([1, '']);
      expect(second.stderr).toMatch(
        new RegExp(`^A Letterbox bridge \\(process ${bridge.pid}\\) is running on ${data} already;`),
      );
      expect(second.stderr).toContain('letterbox serve --data DIR');
      // The first is none the worse for it, and the other commands go on beside it.
      const { client } = await TestClient.pair(await bridge.pair());
      await client.close();
    } finally {
      await bridge.close();
    }
  });

  it('is free again after a bridge that was killed', async () => {
    const bridge = await BridgeProcess.start({ data });
    try {
      await bridge.kill('SIGKILL');
      expect(existsSync(`${data}/bridge.lock`)).toBe(true);
      await bridge.restart();
      await bridge.kill('SIGTERM');
      expect(existsSync(`${data}/bridge.lock`)).toBe(false);
    } finally {
      await bridge.close();
    }
  });

  it.each<[string, () => string, string]>([
    ['without a name', () => '', '--data needs the name of a folder behind it.'],
    ['that is a file', () => `${directory.path}/file`, 'file is not a plain directory.'],
    ['below a file', () => `${directory.path}/file/data`, 'a part of that is a file and no folder'],
    ['where no folder can be made', () => '/proc/letterbox', 'no folder can be made there'],
    ['where only others may write', () => '/letterbox-of-nobody', 'this user may not write there'],
  ])('%s: a sentence', async (name, where, sentence) => {
    writeFileSync(`${directory.path}/file`, '');
    for (const command of ['serve', 'pair', 'clients']) {
      const { code, stdout, stderr } = await run(
        [command, `--data=${where()}`],
        name.includes('others') ? NOBODY : undefined,
      );
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(sentence);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('that was closed to its owner: a sentence', async () => {
    mkdirSync(data, { mode: 0o500 });
    if (NOBODY !== undefined) {
      chmodSync(directory.path, 0o755);
      chownSync(data, NOBODY, NOBODY);
    }
    const { code, stderr } = await run(['serve', '--data', data], NOBODY);
    expect([code, stderr]).toEqual([1, `The data cannot be kept in ${data}: this user may not write there.\n`]);
  });
});

/** Where low ports are everybody's (containers often say so), none is denied. */
const DENIED = existsSync(LOWEST_FREE) && Number(readFileSync(LOWEST_FREE, 'utf8')) > 80;

it.runIf(DENIED)('a port that is not for this user is not called taken', async () => {
  mkdirSync(data, { mode: 0o700 });
  if (NOBODY !== undefined) {
    chmodSync(directory.path, 0o755);
    chownSync(data, NOBODY, NOBODY);
  }
  const { code, stderr } = await run(['serve', '--port', '80', '--data', data], NOBODY);
  expect(code).toBe(1);
  expect(stderr).toBe(
    `This user may not use port 80. Choose one from 1024 up, such as the usual one: letterbox serve --port ${DEFAULT_PORT}\n`,
  );
});

describe('files that cannot be trusted', () => {
  it('a folder that others can enter is named, with how to close it', async () => {
    mkdirSync(data);
    chmodSync(data, 0o755);
    const { code, stderr } = await letterbox('serve');
    expect(code).toBe(1);
    expect(stderr).toBe(`${data} can be read or changed by other users. Close it with: chmod go= '${data}'\n`);
  });

  it.each(['accounts.json', 'pairing.json', 'settings.json', 'vault', 'vault.key'])(
    'a damaged %s is named and left as it is',
    async (name) => {
      await letterbox('clients');
      writeFileSync(`${data}/${name}`, '{"half', { mode: 0o600 });
      const { code, stderr } = await letterbox(name === 'pairing.json' ? 'clients' : 'serve');
      expect(code).toBe(1);
      expect(stderr).toContain(`${data}/${name} `);
      expect(stderr).toMatch(/Move it away/);
      expect(readFileSync(`${data}/${name}`, 'utf8')).toBe('{"half');
    },
  );
});
