/**
 * Builds everything, runs the bridge, and says how to load and pair the extension. What is given after `--` goes to
 * the bridge: `npm start -- --port 9000 --data DIR`.
 */
import './node-version.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readCommandLine } from './command-line.mjs';
import { ROOT, run } from './run.mjs';

/** It listens within a second; a machine that is busy gets more. */
const LISTENING_DEADLINE = 20_000;

const { values } = readCommandLine(
  { options: { port: { type: 'string' }, data: { type: 'string' } } },
  'npm start -- [--port N] [--data DIR]',
);
const port = values.port === undefined ? [] : ['--port', values.port];
const data = values.data === undefined ? [] : ['--data', values.data];

if (!run(process.execPath, ['scripts/build.mjs'])) process.exit(1);

const letterbox = join(ROOT, 'dist/bridge/letterbox.js');
const bridge = spawn(process.execPath, [letterbox, 'serve', ...port, ...data], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines = createInterface({ input: bridge.stdout });
const ended = once(bridge, 'exit');
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => bridge.kill('SIGTERM'));

const late = setTimeout(() => {
  console.error('The bridge did not start.');
  bridge.kill('SIGKILL');
}, LISTENING_DEADLINE);
lines.on('line', (line) => {
  if (isListening(line)) {
    clearTimeout(late);
    welcome();
  } else {
    console.log(line);
  }
});

const [code] = await ended;
clearTimeout(late);
process.exitCode = code ?? 1;

/** @param {string} line of the bridge's log */
function isListening(line) {
  try {
    return JSON.parse(line).event === 'listening';
  } catch {
    return false;
  }
}

function welcome() {
  console.log(`
The bridge is running. Now load the extension:

  Chrome, Chromium   open chrome://extensions, switch "Developer mode" on, choose "Load unpacked" and pick
                     ${join(ROOT, 'dist/chrome')}
  Firefox            open about:debugging#/runtime/this-firefox, choose "Load Temporary Add-on" and pick
                     ${join(ROOT, 'dist/firefox/manifest.json')}
                     (until Firefox is closed: only signed add-ons stay)

Then click its icon and pair it.
`);
  spawnSync(process.execPath, [letterbox, 'pair', ...data], { stdio: 'inherit' });
  console.log('\nFor another browser run the same again in a second terminal:');
  console.log(`  node ${letterbox} pair${values.data === undefined ? '' : ` --data ${values.data}`}`);
  console.log('\nControl-C ends the bridge.');
}
