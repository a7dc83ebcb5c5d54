/** Shows the whole of Letterbox at work: a mail server, the bridge, a browser with the extension. */
import './node-version.mjs';
import { install, mayInstall } from './install.mjs';
import { load } from './load.mjs';
import { REQUIREMENTS } from './requirements.mjs';
import { run } from './run.mjs';

const { findBrowser } = await load('scripts/demo/browser.ts');
if (!findBrowser() && mayInstall()) install(REQUIREMENTS.chromium.packages);
const browser = findBrowser();
if (!browser) {
  const { title, oldest, variable } = REQUIREMENTS.chromium;
  console.error(`The demo needs a browser: install ${title} ${oldest} or newer, or name one in ${variable}.`);
  process.exit(1);
}
if (!run(process.execPath, ['scripts/build.mjs', '--test'])) process.exit(1);

const { demo } = await load('scripts/demo/demo.ts');
try {
  await demo(browser);
  process.exit(0);
} catch (error) {
  console.error(`The demo could not go on: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
