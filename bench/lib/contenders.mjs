import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBaseline, startServer } from './server.mjs';
import { fill } from './students.mjs';
import { prepareTutorial } from './tutorial.mjs';

/** libuv's threads, which the baseline's hashes run on: as many as the server has for them. */
const THREADS = { UV_THREADPOOL_SIZE: String(availableParallelism()) };

const file = (name) => fileURLToPath(new URL(`../baselines/${name}`, import.meta.url));

/** Starts ours and the baselines, hands over the running servers and how each is started, and stops them all. */
export async function withServers(work) {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-bench-'));
  const databaseUrl = `sqlite:${join(folder, 'students.db')}`;
  const running = [];
  try {
    await fill(databaseUrl);
    const start = {
      ours: (env) => startServer(databaseUrl, env),
      nodeHttp: () => startBaseline('bare node:http, no token', file('node-http.mjs')),
      fastify: () => startBaseline('bare Fastify, from memory', file('fastify.mjs'), THREADS),
      tutorial: await prepareTutorial(folder),
    };
    const servers = { start };
    for (const [name, begin] of Object.entries(start)) {
      servers[name] = await begin();
      running.push(servers[name]);
    }
    await work(servers);
  } finally {
    for (const server of running) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
