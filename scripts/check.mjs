/** Everything that can be checked without running the tests. All of it runs, so that one run shows every failure. */
import './node-version.mjs';
import { installed, run } from './run.mjs';

const steps = [
  { name: 'types', file: installed('typescript/bin/tsc'), parameters: [] },
  {
    name: 'lint and format',
    file: installed('@biomejs/biome/bin/biome'),
    parameters: ['check', '--error-on-warnings', '.'],
  },
  { name: 'build', file: 'scripts/build.mjs', parameters: [] },
  { name: 'what was built', file: 'scripts/check-build.mjs', parameters: [] },
  { name: 'the rules of the add-on store', file: 'scripts/lint-extension.mjs', parameters: [] },
];

const failed = steps.filter(({ name, file, parameters }) => {
  console.log(`\n== ${name}`);
  return !run(process.execPath, [file, ...parameters]);
});

console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.map(({ name }) => name).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
