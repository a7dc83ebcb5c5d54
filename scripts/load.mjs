/** Loads a TypeScript module of ours where Node alone cannot. */
import { ROOT } from './run.mjs';

/**
 * @param {string} path below the checkout
 * @returns {Promise<any>} what the module exports
 */
export async function load(path) {
  const { runnerImport } = await import('vite');
  process.chdir(ROOT);
  const { module } = await runnerImport(`${ROOT}${path}`, { configFile: false, logLevel: 'error' });
  return module;
}
