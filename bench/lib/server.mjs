import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const TICKS_PER_SECOND = 100; // Linux' USER_HZ

/** Starts the built server as in production, on a new SQLite file, and waits for its first answer. */
export async function startServer(env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-bench-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      JWT_SECRET: 'qK3vR8xZ1mT6wB9nL4cJ7hF2sD5gA0yP',
      DATABASE_URL: `sqlite:${join(folder, 'students.db')}`,
      PORT: String(port),
      THROTTLE: 'off',
      ...env,
    },
    // The access log is on, as in production, and thrown away.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await firstAnswer(url, child);
  const firstAnswerMs = performance.now() - startedAt;
  return {
    url,
    firstAnswerMs,
    cpuMs: () => cpuMs(child.pid),
    memoryMb: () => memoryMb(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function firstAnswer(url, child) {
  while (child.exitCode === null) {
    try {
      await (await fetch(`${url}/health/live`)).arrayBuffer();
      return;
    } catch {
      await delay(5); // not listening yet
    }
  }
  throw new Error(`the server ended with ${child.exitCode}`);
}

/** User and system time of a process so far; undefined where there is no /proc. */
function cpuMs(pid) {
  const stat = readProc(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory now and at its peak; undefined where there is no /proc. */
function memoryMb(pid) {
  const status = readProc(`/proc/${pid}/status`);
  const mb = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return status && { now: mb('VmRSS'), peak: mb('VmHWM') };
}

function readProc(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
