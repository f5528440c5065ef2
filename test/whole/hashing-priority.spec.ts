import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { aStudent } from '../factories/student.js';
import { Client } from '../support/client.js';
import { startServer } from '../support/server-process.js';

/** The niceness of each thread of a process (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
function nicenesses(pid: number): Map<number, number> {
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  return new Map(
    threads.map((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      return [thread, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])];
    }),
  );
}

describe('hashing threads', () => {
  it('give way to the event loop, whatever priority the process was given', async () => {
    const server = await startServer();
    setPriority(server.pid, 5);
    expect((await new Client(server.url).register(aStudent())).status).toBe(201);
    // Elsewhere priorities are those of whole processes.
    if (process.platform === 'linux') {
      const threads = nicenesses(server.pid);
      expect(threads.get(server.pid)).toBe(5);
      expect(Math.max(...threads.values())).toBe(8);
    }
    await server.stop();
  });
});
