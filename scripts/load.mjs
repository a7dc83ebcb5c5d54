/** Loads a TypeScript module of ours where Node alone cannot. */
import { runnerImport } from 'vite';
import { ROOT } from './run.mjs';

/**
 * @param {string} path below the checkout
 * @returns {Promise<any>} what the module exports
 */
export async function load(path) {
  process.chdir(ROOT);
  const { module } = await runnerImport(`${ROOT}${path}`, { configFile: false, logLevel: 'error' });
  return module;
}
