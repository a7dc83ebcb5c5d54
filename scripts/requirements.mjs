/** What the tests need beside Node, where it is found, and how Debian calls it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Servers live in sbin, which a user's PATH often lacks. */
const SEARCHED = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/sbin',
];

/** Where Dovecot's own programs lie, by system. */
const DOVECOT_LIBRARIES = ['/usr/lib/dovecot', '/usr/libexec/dovecot', '/opt/homebrew/libexec/dovecot'];

/**
 * @typedef {object} Requirement
 * @property {string} title what people call it
 * @property {string[]} programs names on the PATH, or whole paths, the best first
 * @property {string[]} packages Debian's names
 * @property {string} variable an environment variable that names another program to use
 * @property {{ names: string[], folders: string[] }} [companions] programs that must lie in one of the folders
 * @property {number} [oldest] the first major version that will do
 */

/** @satisfies {Record<string, Requirement>} */
export const REQUIREMENTS = {
  chromium: {
    title: 'Chromium',
    programs: ['chromium', 'chromium-browser', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
    packages: ['chromium'],
    variable: 'LETTERBOX_CHROMIUM',
    oldest: 148,
  },
  firefox: {
    title: 'Firefox',
    programs: ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    packages: ['firefox-esr'],
    variable: 'LETTERBOX_FIREFOX',
    oldest: 153,
  },
  dovecot: {
    title: 'Dovecot',
    programs: ['dovecot'],
    packages: ['dovecot-imapd', 'dovecot-pop3d'],
    variable: 'LETTERBOX_DOVECOT',
    companions: { names: ['imap', 'pop3'], folders: DOVECOT_LIBRARIES },
  },
};

/** @typedef {keyof typeof REQUIREMENTS} RequirementName */
/** @typedef {{ path: string, reason?: undefined } | { path?: undefined, reason: string }} Found */

/**
 * Looks for a program.
 * @param {RequirementName} name
 * @returns {Found} its path, or in words why it cannot be used
 */
export function find(name) {
  /** @type {Requirement} */
  const wanted = REQUIREMENTS[name];
  const path = process.env[wanted.variable] ?? locate(wanted.programs);
  if (path === undefined || !canRun(path)) return { reason: `${wanted.title} is not installed` };
  const { companions, oldest } = wanted;
  const lacking = companions?.names.filter((each) => !companions.folders.some((folder) => canRun(join(folder, each))));
  if (lacking && lacking.length > 0) return { reason: `${wanted.title} is installed without ${lacking.join(', ')}` };
  if (oldest !== undefined) {
    const major = majorVersion(path);
    if (major < oldest)
      return { reason: `${wanted.title} is version ${major}, and the oldest that will do is ${oldest}` };
  }
  return { path };
}

/** @param {string[]} programs */
function locate(programs) {
  return programs
    .flatMap((program) => (isAbsolute(program) ? program : SEARCHED.map((folder) => join(folder, program))))
    .find(canRun);
}

/** @param {string} path */
function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} browser
 * @returns {number} 0 where it does not say
 */
function majorVersion(browser) {
  const { stdout } = spawnSync(browser, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/\d+/.exec(stdout ?? '')?.[0] ?? 0);
}
