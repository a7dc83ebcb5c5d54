/** Runs one benchmark: `npm run bench -- NAME [--json FILE]`. Prints what it measured; there is no pass mark. */
import './node-version.mjs';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import util from 'node:util';
import { load } from './load.mjs';
import { find } from './requirements.mjs';
import { ROOT, run } from './run.mjs';

/** What else lies in `bench/` measures nothing by itself. */
const names = readdirSync(`${ROOT}bench`)
  .filter((file) => readFileSync(`${ROOT}bench/${file}`, 'utf8').includes('export async function bench('))
  .map((file) => file.slice(0, -'.ts'.length));

const { name, json } = asked();
const { bench, needs } = await load(`bench/${name}.ts`);
if (needs.programs.length > 0) prepare(needs.programs);
if (needs.build && !run(process.execPath, ['scripts/build.mjs', '--test'])) process.exit(1);

const { table } = await load('bench/measurement.ts');
try {
  const measurements = await bench();
  console.log(table(measurements));
  if (json !== undefined) {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(measurements, null, 2)}\n`);
  }
  process.exit(0);
} catch (error) {
  console.error(`The benchmark could not go on: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

/** What the command line says; ends with the names that there are where it cannot be meant. */
function asked() {
  try {
    const { values, positionals } = util.parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
    const [wanted = ''] = positionals;
    if (positionals.length === 1 && names.includes(wanted))
      return { name: wanted, json: values.json === undefined ? undefined : resolve(values.json) };
  } catch {
    // An option that there is not: told below.
  }
  console.error(`Which benchmark? npm run bench -- NAME [--json FILE]. There are: ${names.join(', ')}`);
  process.exit(1);
}

/** @param {readonly import('./requirements.mjs').RequirementName[]} programs */
function prepare(programs) {
  const missing = () => programs.flatMap((program) => find(program).reason ?? []);
  if (missing().length > 0) run(process.execPath, ['scripts/setup.mjs']);
  if (missing().length === 0) return;
  console.error(`The benchmark cannot run: ${missing().join('; ')}.`);
  process.exit(1);
}
