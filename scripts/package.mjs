/** Makes what is published, in `packages/`: a zip for each browser's store and the bridge as an npm tarball. */
import './node-version.mjs';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ROOT, run } from './run.mjs';

const { zipSync } = await import('fflate');

/** The earliest date that a zip can hold, as local time because a zip knows no time zones. */
const EPOCH = new Date(1980, 0, 1);

/** Unix, and a plain file that everybody reads and its owner writes: what the machine that packages says is left out. */
const ATTRIBUTES = { os: 3, attrs: 0o100644 << 16 };

/**
 * Zips a folder so that the same files always give the same bytes: stores compare a rebuild with what was submitted.
 * @param {string} folder
 */
function zip(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return zipSync(Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path))])), {
    mtime: EPOCH,
    level: 9,
    ...ATTRIBUTES,
  });
}

process.chdir(ROOT);
delete process.env['LETTERBOX_DEV_KEY'];
if (!run(process.execPath, ['scripts/build.mjs'])) process.exit(1);
if (!run(process.execPath, ['scripts/check-build.mjs'])) process.exit(1);

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
rmSync('packages', { recursive: true, force: true });
mkdirSync('packages');
for (const browser of ['chrome', 'firefox']) {
  writeFileSync(`packages/letterbox-${browser}-${version}.zip`, zip(`dist/${browser}`));
}

// Called by npm, its own file is known; the plain name is no program on Windows.
const npm = process.env['npm_execpath'];
const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', join(ROOT, 'packages')];
const packed = npm
  ? run(process.execPath, [npm, ...pack], { cwd: 'dist/bridge' })
  : run('npm', pack, { cwd: 'dist/bridge' });
if (!packed) process.exit(1);

for (const name of readdirSync('packages').sort()) console.log(`packages/${name}`);
