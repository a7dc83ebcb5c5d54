import { describe, it } from 'vitest';
import { type Found, find, type RequirementName } from '../../scripts/requirements.mjs';

const found = new Map<RequirementName, Found>();

/** Looks for a program that a test needs: its path, or in words why there is none. */
export function requirement(name: RequirementName): Found {
  const known = found.get(name) ?? find(name);
  found.set(name, known);
  return known;
}

/** The path of a program that a test needs. Throws what is missing, in words. */
export function pathOf(name: RequirementName): string {
  const { path, reason } = requirement(name);
  if (path === undefined) throw new Error(reason);
  return path;
}

/**
 * `describe` for tests that need a browser or a mail server. Where one is missing they are skipped with the reason in
 * their name; with CI=true they fail instead, so that no green run hides an empty one.
 */
export function describeWith(
  names: RequirementName | readonly RequirementName[],
  title: string,
  tests: () => void,
): void {
  const reasons = [names].flat().flatMap((name) => requirement(name).reason ?? []);
  if (reasons.length === 0) {
    describe(title, tests);
    return;
  }
  const missing = reasons.join('; ');
  describe(title, () => {
    if (process.env['CI'] === 'true') {
      it('has what it needs', () => {
        throw new Error(`${missing}. With CI=true nothing may be skipped; npm test installs it on Debian as root.`);
      });
    } else {
      it.skip(`is skipped: ${missing}`);
    }
  });
}
