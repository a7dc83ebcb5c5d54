/**
 * Runs the add-on store's own linter on the Firefox build. The Chrome build is not linted: without `background.scripts`
 * it is an error to this linter, and rightly missing there.
 */
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { installed, ROOT } from './run.mjs';

/** Warnings that we know and accept. Anything else fails. */
const ACCEPTED = [
  {
    code: 'UNSAFE_VAR_ASSIGNMENT',
    file: /^assets\//,
    reason: "preact's support for dangerouslySetInnerHTML, which no component of ours uses",
  },
  {
    code: 'KEY_FIREFOX_ANDROID_UNSUPPORTED_BY_MIN_VERSION',
    file: /^manifest\.json$/,
    reason: 'Firefox for Android is not supported: it cannot run the bridge',
  },
];

const parameters = ['lint', '--source-dir', 'dist/firefox', '--output', 'json', '--no-config-discovery'];
const { stdout, stderr } = spawnSync(process.execPath, [installed('web-ext/bin/web-ext.js'), ...parameters], {
  cwd: ROOT,
  encoding: 'utf8',
  env: { ...process.env, NO_UPDATE_NOTIFIER: '1' },
  maxBuffer: 64 * 1024 * 1024,
});

let report;
try {
  report = JSON.parse(stdout);
} catch {
  console.error(`web-ext did not answer:\n${stdout}${stderr}`);
  process.exit(1);
}

/** @typedef {{ code: string, message: string, file?: string, line?: number }} Finding */
/** @param {Finding} finding */
const accepted = ({ code, file = '' }) => ACCEPTED.find((known) => known.code === code && known.file.test(file));
/** @type {Finding[]} */
const warnings = report.warnings;
/** @type {Finding[]} */
const refused = [...report.errors, ...warnings.filter((warning) => !accepted(warning))];

for (const { code, message, file, line } of refused)
  console.error(`${code} in ${file ?? 'the package'}:${line ?? 0}: ${message}`);
for (const known of new Set(warnings.map(accepted))) if (known) console.log(`accepted ${known.code}: ${known.reason}`);
console.log(refused.length === 0 ? 'web-ext: no errors' : `web-ext: ${refused.length} findings`);
process.exitCode = refused.length === 0 ? 0 : 1;
