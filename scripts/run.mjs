/** Runs another program in the foreground. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout: every script works from here, wherever it was called from. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program and shows what it prints.
 * @param {string} program
 * @param {string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {boolean} whether it ended well
 */
export function run(program, parameters, { cwd = ROOT, env = process.env } = {}) {
  const { status, error } = spawnSync(program, parameters, { cwd, env, stdio: 'inherit' });
  if (error) console.error(`${program} could not be started: ${error.message}`);
  return status === 0;
}

/**
 * The JavaScript file behind a command of an installed package, so that `node` can run it on every system.
 * @param {string} path inside node_modules
 */
export function installed(path) {
  return fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
}
