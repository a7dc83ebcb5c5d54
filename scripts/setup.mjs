/** Gets the test machine ready: installs what is missing where it may (Debian as root), else says what is skipped. */
import './node-version.mjs';
import { install, mayInstall } from './install.mjs';
import { find, REQUIREMENTS } from './requirements.mjs';

/** @typedef {import('./requirements.mjs').RequirementName} RequirementName */
const names = /** @type {RequirementName[]} */ (Object.keys(REQUIREMENTS));

const missing = names.filter((name) => find(name).path === undefined);
if (missing.length > 0 && mayInstall()) install(missing.flatMap((name) => REQUIREMENTS[name].packages));

const skipped = names.flatMap((name) => {
  const { reason } = find(name);
  return reason === undefined
    ? []
    : [{ title: REQUIREMENTS[name].title, packages: REQUIREMENTS[name].packages, reason }];
});
const consequence = process.env['CI'] === 'true' ? 'FAIL, because CI=true' : 'are skipped';
for (const { title, packages, reason } of skipped) {
  console.log(
    `${reason}: the tests that need ${title} ${consequence}. On Debian: apt-get install ${packages.join(' ')}`,
  );
}
