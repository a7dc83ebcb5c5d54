/** Who sits on a port: a best guess for the message that says it is taken. */
import { execFile } from 'node:child_process';

/** `name (process 123)`, or null where the system does not tell. */
export async function findPortHolder(port: number): Promise<string | null> {
  const lsof = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const pid = /^p(\d+)$/m.exec(lsof)?.[1];
  const name = /^c(.+)$/m.exec(lsof)?.[1];
  if (pid && name) return `${name} (process ${pid})`;
  const ss = await run('ss', ['-ltnpH', `sport = :${port}`]);
  const match = /users:\(\("([^"]+)",pid=(\d+)/.exec(ss);
  return match ? `${match[1]} (process ${match[2]})` : null;
}

/** The program's output; '' when it is missing, fails or takes longer than two seconds. */
function run(program: string, parameters: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, parameters, { timeout: 2000 }, (error, stdout) => resolve(error ? '' : stdout));
  });
}
