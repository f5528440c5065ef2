import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs, memoryMb } from './proc.mjs';

export const SECRET = 'qK3vR8xZ1mT6wB9nL4cJ7hF2sD5gA0yP';
const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** Starts the built server as in production and waits for its first answer. */
export function startServer(databaseUrl, env = {}) {
  return startProcess('student-auth', MAIN, {
    NODE_ENV: 'production',
    JWT_SECRET: SECRET,
    DATABASE_URL: databaseUrl,
    THROTTLE: 'off',
    ...env,
  });
}

/** Starts one of `bench/baselines/` (or what is built of it) and waits for its first answer. */
export function startBaseline(name, file, env = {}) {
  return startProcess(name, file, { NODE_ENV: 'production', JWT_SECRET: SECRET, ...env });
}

async function startProcess(name, file, env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
    // The access log is on, as in production, and thrown away.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await firstAnswer(url, child);
  return {
    name,
    url,
    pid: child.pid,
    firstAnswerMs: performance.now() - startedAt,
    cpuMs: () => cpuMs(child.pid),
    memoryMb: () => memoryMb(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
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

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
