/** The commands of the checkout, as somebody meets them who has the wrong Node or a slip in what was typed. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const commands = readdirSync('scripts')
  .filter((file) => file.endsWith('.mjs'))
  .filter((file) => readFileSync(`scripts/${file}`, 'utf8').includes("import './node-version.mjs'"));

function run(parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8', timeout: 15_000 });
  return { status, stdout, stderr };
}

describe('with a Node that is too old', () => {
  it('every command that npm runs looks at it', () => {
    const called = Object.values(packageJson.scripts).flatMap((line) => [...line.matchAll(/scripts\/(\S+\.mjs)/g)]);
    for (const [, file] of called) expect(commands).toContain(file);
  });

  it.each(commands)('%s says so, and nothing else', (file) => {
    expect(run(['--import', './tests/support/old-node.mjs', `scripts/${file}`])).toEqual({
      status: 1,
      stdout: '',
      stderr:
        `Letterbox needs Node ${packageJson.engines.node.slice(2)} or newer, and this is Node 18.20.4.\n` +
        'Install a newer one from https://nodejs.org and run the command again.\n',
    });
  });
});

it.each([
  ['start.mjs', ['--bogus'], "Unknown option '--bogus'. What there is: npm start -- [--port N] [--data DIR]\n"],
  ['start.mjs', ['28115'], "Unexpected argument '28115'. What there is: npm start -- [--port N] [--data DIR]\n"],
  ['start.mjs', ['--port'], /^Option '--port <value>' argument missing\. What there is: npm start/],
  ['build.mjs', ['--bogus'], /^Unknown option '--bogus'\. What there is: npm run build -- \[--test\] \[chrome\]/],
  ['build.mjs', ['opera'], 'There is no build called opera; there are chrome, firefox, bridge.\n'],
  ['bench.mjs', ['--bogus'], /^Which benchmark\? npm run bench -- NAME/],
])('%s %j: a sentence', (file, parameters, sentence) => {
  const { status, stdout, stderr } = run([`scripts/${file}`, ...parameters]);
  expect([status, stdout]).toEqual([1, '']);
  if (typeof sentence === 'string') expect(stderr).toBe(sentence);
  else expect(stderr).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
