/** What tells a process from a later one that was given the same number. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hasCode } from './data-folder.ts';

/** PowerShell takes half a second to start, and more on a machine that is busy. */
const TIMEOUT = 5_000;
/** The state and the start time in `/proc/PID/stat`, counted behind the name (proc_pid_stat(5), fields 3 and 22). */
const STATE = 0;
const START_TIME = 19;

/** The same text as long as the process lives, and never again after it; null when there is no such process. */
export async function processIdentity(pid: number): Promise<string | null> {
  if (!isAlive(pid)) return null;
  if (process.platform === 'linux') return fromProc(pid);
  const parameters =
    process.platform === 'win32'
      ? ['powershell', '-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]
      : ['ps', '-o', 'lstart=', '-p', String(pid)];
  // A system that does not tell is one on which the number has to do.
  return (await run(parameters)) || 'alive';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives and belongs to somebody else.
    return hasCode(error, 'EPERM');
  }
}

/** The start time counts from the start of the computer, which has a name of its own. */
async function fromProc(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The name stands in brackets and may hold any of them.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Dead, and not yet taken note of by its parent.
    if (fields[STATE] === 'Z' || fields[STATE] === 'X') return null;
    return `${boot.trim()} ${fields[START_TIME]}`;
  } catch {
    return null;
  }
}

function run([program = '', ...parameters]: string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return new Promise((resolve) => {
    execFile(program, parameters, { timeout: TIMEOUT, env }, (error, stdout) => resolve(error ? '' : stdout.trim()));
  });
}
