import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryDirectory } from '../support/temporary.ts';

/** Inside the checkout, so that both find the installed packages. */
const PLACES = ['test-output/package-one', 'test-output/package-number-two'].map((place) => resolve(place));
const SOURCE = ['src', 'public', 'scripts', 'manifest.json', 'package.json', 'package-lock.json'];
const SETTINGS = ['vite.config.ts', 'tsconfig.json', 'LICENSE'];

/** Three builds in each of two places. */
const DEADLINE = 120_000;

beforeAll(() => {
  for (const place of PLACES) {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    for (const path of [...SOURCE, ...SETTINGS]) cpSync(path, join(place, path), { recursive: true });
  }
  for (const [index, place] of PLACES.entries()) {
    // A second machine has another clock and another language.
    const env = { ...process.env, TZ: ['UTC', 'Pacific/Auckland'][index], LANG: ['C.UTF-8', 'de_DE.UTF-8'][index] };
    const { status, stderr } = spawnSync(process.execPath, ['scripts/package.mjs'], {
      cwd: place,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`packaging failed: ${stderr}`);
  }
}, DEADLINE);

afterAll(() => {
  for (const place of PLACES) rmSync(place, { recursive: true, force: true });
});

function packages(place: string): Record<string, string> {
  const hash = (name: string) => createHash('sha256').update(readFileSync(join(place, 'packages', name)));
  return Object.fromEntries(readdirSync(join(place, 'packages')).map((name) => [name, hash(name).digest('hex')]));
}

const [one = '', two = ''] = PLACES;
const { version } = packageJson;

it('makes the three packages, byte by byte the same in two places', () => {
  expect(Object.keys(packages(one))).toEqual([
    `letterbox-bridge-${version}.tgz`,
    `letterbox-chrome-${version}.zip`,
    `letterbox-firefox-${version}.zip`,
  ]);
  expect(packages(one)).toEqual(packages(two));
});

it.each(['chrome', 'firefox'])(
  'packs an extension for %s with its manifest at the top and without the key',
  (browser) => {
    const files = unzipSync(readFileSync(join(one, `packages/letterbox-${browser}-${version}.zip`)));
    const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json']));
    expect(manifest).toMatchObject({ manifest_version: 3, version });
    expect(manifest).not.toHaveProperty('key');
    for (const path of [manifest.action.default_popup, manifest.options_ui.page, ...Object.values(manifest.icons)]) {
      expect(files).toHaveProperty([String(path)]);
    }
  },
);

it('packs a bridge that runs as a command, with the packages it names and no others', () => {
  const folder = temporaryDirectory('install');
  try {
    const modules = join(folder.path, 'node_modules');
    const bridge = join(modules, 'letterbox-bridge');
    mkdirSync(bridge, { recursive: true });
    const tarball = join(one, `packages/letterbox-bridge-${version}.tgz`);
    execFileSync('tar', ['-xzf', tarball, '-C', bridge, '--strip-components=1']);
    const { bin, dependencies } = JSON.parse(readFileSync(join(bridge, 'package.json'), 'utf8'));
    // As npm would install them, but without asking a registry.
    for (const name of Object.keys(dependencies)) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(resolve('node_modules', name), join(modules, name), 'junction');
    }
    expect(execFileSync(join(bridge, bin.letterbox), ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
  } finally {
    folder.remove();
  }
});
