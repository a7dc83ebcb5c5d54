/** Where the bridge keeps its files, and the one way in which it writes them: whole, private and atomic. */
import { constants } from 'node:fs';
import { access, lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** Thrown when files of ours could be read or replaced by others. `message` is for the terminal. */
export class UnsafeFolder extends Error {
  override name = 'UnsafeFolder';
}

/** Thrown when a folder cannot be made or written to. `message` is for the terminal. */
export class UnusableFolder extends Error {
  override name = 'UnusableFolder';
}

/** POSIX modes mean nothing on Windows; there the profile's access list protects the folder. */
const HAS_MODES = process.platform !== 'win32';

/** The platform's folder for an application's data: XDG, Application Support or LOCALAPPDATA. */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Letterbox');
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'Letterbox');
  return path.join(env['XDG_DATA_HOME'] || path.join(homedir(), '.local', 'share'), 'letterbox');
}

/** Makes the folder, mode 0700, or checks that nobody else can enter it. @throws {UnsafeFolder} or {UnusableFolder} */
export async function openDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(path.resolve(folder));
    await checkPrivate(folder, 'directory');
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof UnsafeFolder) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UnusableFolder(`The data cannot be kept in ${folder}: ${REASONS.get(code) ?? code}.`);
  }
}

/** What the system's codes mean for somebody who has typed the name of a folder. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOTDIR', 'a part of that is a file and no folder'],
  ['ENOENT', 'no folder can be made there'],
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
  ['EROFS', 'that disk is read-only'],
  ['ENOSPC', 'that disk is full'],
  ['ENAMETOOLONG', 'that name is too long'],
]);

/** With all that is missing above it. Not `recursive`: that never ends where the system has no such place, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const make = () =>
    mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      // What it is, is looked at afterwards.
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  try {
    await make();
  } catch (error) {
    if (!isMissing(error) || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await make();
  }
}

/** The file's bytes, or null where there is none. @throws {UnsafeFolder} when others could have written it */
export async function readPrivateFile(file: string): Promise<Buffer | null> {
  try {
    await checkPrivate(file, 'file');
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * Replaces the file in one step: written beside it, mode 0600 from the first moment, synced, renamed, folder synced.
 * Whoever reads it sees the old bytes or the new ones.
 */
export async function writePrivateFile(file: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  const handle = await open(
    temporary,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0),
    0o600,
  );
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder for this; its rename is durable by itself.
  if (!HAS_MODES) return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function checkPrivate(target: string, kind: 'file' | 'directory'): Promise<void> {
  const facts = await lstat(target);
  if (kind === 'file' ? !facts.isFile() : !facts.isDirectory())
    throw new UnsafeFolder(`${target} is not a plain ${kind}.`);
  if (!HAS_MODES) return;
  if (facts.uid !== process.getuid?.()) throw new UnsafeFolder(`${target} belongs to another user.`);
  if ((facts.mode & 0o077) !== 0)
    throw new UnsafeFolder(`${target} can be read or changed by other users. Close it with: chmod go= '${target}'`);
}

/** True for "no such file". */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** True for an error of the system's with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
