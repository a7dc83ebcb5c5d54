/** Shows the whole of Letterbox at work: a mail server, the bridge, a browser with the extension. */
import './node-version.mjs';
import { load } from './load.mjs';
import { find } from './requirements.mjs';
import { run } from './run.mjs';

if (!find('chromium').path && !find('firefox').path) run(process.execPath, ['scripts/setup.mjs']);
if (!run(process.execPath, ['scripts/build.mjs', '--test'])) process.exit(1);

const { demo } = await load('scripts/demo/demo.ts');
try {
  await demo(find);
  process.exit(0);
} catch (error) {
  console.error(`The demo could not go on: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
