import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { OwnedProcess } from './owned-process.ts';

/** A program that starts another one, says its number, and ends only when it has to. */
const STUBBORN = `
  const { spawn } = require('node:child_process');
  process.on('SIGTERM', () => console.log('not me'));
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  console.log(child.pid);
  setInterval(() => {}, 1000);
`;

it('keeps what the program says and tells its end', async () => {
  const lines: string[] = [];
  const program = new OwnedProcess(
    process.execPath,
    ['-e', 'console.log("a\\nb"); console.error("c"); process.exit(3)'],
    {
      onLine: (line) => lines.push(line),
    },
  );
  expect(await program.ended).toEqual({ code: 3, signal: null });
  expect(program.running).toBe(false);
  expect(program.log()).toContain('c');
  expect(lines).toEqual(['a', 'b']);
});

it('ends a program that does not want to, and what it has started', async () => {
  let grandchild = 0;
  const program = new OwnedProcess(process.execPath, ['-e', STUBBORN], {
    onLine: (line) => {
      grandchild ||= Number(line);
    },
  });
  await eventually(() => grandchild > 0, { what: () => program.log() });
  expect(lives(grandchild)).toBe(true);
  await program.stop('SIGTERM', 300);
  expect(program.running).toBe(false);
  await eventually(() => !lives(grandchild), { what: 'the end of the grandchild' });
});

it('says in the words of the program why it did not start', async () => {
  const never = new Promise<never>(() => {});
  const failing = new OwnedProcess(process.execPath, ['-e', 'console.error("no such day"); process.exit(1)']);
  await expect(failing.untilReady(never)).rejects.toThrow('no such day');
  await expect(new OwnedProcess('/nowhere/program', []).untilReady(never)).rejects.toThrow('/nowhere/program');
});

it('fails a wait at its deadline, with what was awaited and the last error', async () => {
  const wait = eventually(() => Promise.reject(new Error('still closed')), { deadline: 200, what: 'an open door' });
  await expect(wait).rejects.toMatchObject({
    message: expect.stringContaining('an open door'),
    cause: expect.objectContaining({ message: 'still closed' }),
  });
  await expect(eventually(() => new Promise(() => {}), { deadline: 100 })).rejects.toThrow('not within 100 ms');
});

it('gives ports that one can listen on, and none twice', async () => {
  const ports = [await freePort(), await freePort(), await freePort()];
  expect(new Set(ports).size).toBe(3);
  for (const port of ports) {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  }
});

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
