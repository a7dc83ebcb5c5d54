import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Package {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

const lockfile: { packages: Record<string, Package> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = Object.entries(lockfile.packages);

it('carries no download addresses: whoever installs uses their own registry', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
});

it('pins the content of every package', () => {
  expect(packages.filter(([path, { integrity }]) => path !== '' && !integrity).map(([path]) => path)).toEqual([]);
});

it('lists the native packages of every platform, not only those of the machine it was written on', () => {
  const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in lockfile.packages) && !(`${path}/node_modules/${name}` in lockfile.packages),
    ),
  );
  expect(missing, 'delete node_modules and package-lock.json, and run npm install again').toEqual([]);
  for (const platform of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64']) {
    for (const native of [
      'node_modules/@rolldown/binding-',
      'node_modules/@biomejs/cli-',
      'node_modules/@typescript/typescript-',
    ]) {
      expect(
        packages.some(([path]) => path.startsWith(native + platform)),
        native + platform,
      ).toBe(true);
    }
  }
});
