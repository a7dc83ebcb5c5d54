/** Installs Debian's packages, where that is ours to do. */
import { existsSync } from 'node:fs';
import { run } from './run.mjs';

/** Debian, as root. Elsewhere the user is told what to install. */
export function mayInstall() {
  return existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
}

/**
 * A failure is not told here: look for the programs again.
 * @param {readonly string[]} packages
 */
export function install(packages) {
  console.log(`installing ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env });
  run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env });
}
