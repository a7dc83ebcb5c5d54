/**
 * Builds `dist/chrome`, `dist/firefox` and `dist/bridge`: `node scripts/build.mjs [--test] [chrome] [firefox] [bridge]`.
 * `--test` builds into `dist-test/` with the development key instead.
 */
import './node-version.mjs';
import { relative } from 'node:path';
import { readCommandLine } from './command-line.mjs';
import { ROOT } from './run.mjs';

const TARGETS = ['chrome', 'firefox', 'bridge'];

const { build, resolveConfig } = await import('vite');

const { values, positionals } = readCommandLine(
  { options: { test: { type: 'boolean' } }, allowPositionals: true },
  `npm run build -- [--test] [${TARGETS.join('] [')}]`,
);
const unknown = positionals.filter((target) => !TARGETS.includes(target));
if (unknown.length > 0) {
  console.error(`There is no build called ${unknown.join(', ')}; there are ${TARGETS.join(', ')}.`);
  process.exit(1);
}
if (values.test) process.env['LETTERBOX_DEV_KEY'] = '1';

// Whatever the caller's shell says: a development build would carry the paths of this machine.
process.env['NODE_ENV'] = 'production';
process.chdir(ROOT);
for (const mode of positionals.length > 0 ? positionals : TARGETS) {
  await build({ mode, logLevel: 'warn' });
  const { build: settings } = await resolveConfig({ mode, logLevel: 'warn' }, 'build');
  console.log(`built ${relative(ROOT, settings.outDir)}`);
}
