/** Reads what a script was called with. */
import util from 'node:util';

/**
 * Ends with a sentence where something was given that the script does not know.
 * @template {import('node:util').ParseArgsConfig} T
 * @param {T} config
 * @param {string} usage how the script is called
 */
export function readCommandLine(config, usage) {
  try {
    return util.parseArgs(config);
  } catch (error) {
    // What Node adds is advice for names that begin with a dash; there are none here.
    const [first] = (error instanceof Error ? error.message : 'That cannot be read').split('. ');
    console.error(`${first}. What there is: ${usage}`);
    process.exit(1);
  }
}
