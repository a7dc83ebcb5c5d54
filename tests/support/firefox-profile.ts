import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync } from 'fflate';

/** Discard (RFC 863): nobody listens there, so what should not leave this machine fails at once. */
const NOWHERE = 9;

const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  // 0: the system chooses; Firefox writes it to MarionetteActivePort in the profile.
  'marionette.port': 0,
  // Debian's build honours it; our build is not signed.
  'xpinstall.signatures.required': false,
  'extensions.autoDisableScopes': 0,
  // Otherwise a browser that was killed asks what to do with the tabs of last time.
  'browser.sessionstore.resume_from_crash': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'browser.startup.page': 0,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  // Everything but loopback goes to a proxy that is not there.
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': NOWHERE,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': NOWHERE,
};

/** Writes the preferences that Firefox reads at every start. */
export function writePreferences(profile: string): void {
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  writeFileSync(join(profile, 'user.js'), `${lines.join('\n')}\n`);
}

/** The port on which a started Firefox listens for its driver, or undefined while it does not. */
export function readMarionettePort(profile: string): number | undefined {
  try {
    return Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** So that the port of the last start is not taken for the one of the next. */
export function forgetMarionettePort(profile: string): void {
  rmSync(join(profile, 'MarionetteActivePort'), { force: true });
}

/** Packs an unpacked extension as an XPI: a ZIP with the manifest at its top. */
export function packExtension(directory: string, file: string): void {
  const entries: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    entries[relative(directory, path).replaceAll('\\', '/')] = readFileSync(path);
  }
  writeFileSync(file, zipSync(entries));
}
