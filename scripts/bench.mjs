/** Runs one benchmark: `npm run bench -- NAME [--json FILE]`. Prints what it measured; there is no pass mark. */
import './node-version.mjs';
import { readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { load } from './load.mjs';
import { ROOT, run } from './run.mjs';

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const names = readdirSync(`${ROOT}bench`)
  .filter((file) => file.endsWith('.ts') && file !== 'measurement.ts')
  .map((file) => file.slice(0, -'.ts'.length));
const name = positionals[0] ?? '';
if (!names.includes(name)) {
  console.error(`Which benchmark? npm run bench -- NAME [--json FILE]. There are: ${names.join(', ')}`);
  process.exit(1);
}
if (!run(process.execPath, ['scripts/setup.mjs']) || !run(process.execPath, ['scripts/build.mjs', '--test']))
  process.exit(1);

const { bench } = await load(`bench/${name}.ts`);
const { table } = await load('bench/measurement.ts');
try {
  const measurements = await bench();
  console.log(table(measurements));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measurements, null, 2)}\n`);
  process.exit(0);
} catch (error) {
  console.error(`The benchmark could not go on: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
