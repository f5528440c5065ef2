import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inStage } from './image-steps.mjs';

const START_PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 100;

/**
 * Starts what an image's last stage holds as its container would, with its environment, and as its user where this
 * process is root's; then registers, logs in, is recognised, asks the health check, makes a backup and stops it.
 * @param {import('./image-steps.mjs').Stage} stage
 * @returns {Promise<Readonly<Record<string, unknown>>>} what came of each
 */
export async function walkImage(stage) {
  const port = await freePort();
  const container = containerOf(stage, {
    PORT: String(port),
    JWT_SECRET: randomBytes(36).toString('base64'),
  });
  const server = container.start(stage.command);
  const healthy = await becomesHealthy(container, server, stage);
  const walked = healthy && (await isRecognised(`http://127.0.0.1:${port}`));
  const backup = container.run(['node', 'dist/src/cli.js', 'backup', `${inStage(stage, '/data')}/copy.db`]);
  server.kill('SIGTERM');
  const stopped = server.exitCode ?? (await once(server, 'close'))[0];
  return { healthy, walked, backup, stopped, healthAfterwards: container.run(stage.healthcheck) };
}

/**
 * @param {import('./image-steps.mjs').Stage} stage
 * @param {Record<string, string>} given what `docker run --env` would give
 */
function containerOf(stage, given) {
  const cwd = inStage(stage, '.');
  const options = {
    cwd,
    env: {
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
      ...Object.fromEntries(
        Object.entries(stage.env).map(([name, value]) => [name, onThisMachine(stage, value)]),
      ),
      ...given,
    },
    ...userOf(stage, cwd),
  };
  return {
    /** @param {readonly string[] | undefined} command */
    start: ([file = '', ...parameters] = []) =>
      spawn(file, parameters, { ...options, stdio: ['ignore', 'ignore', 'inherit'] }),
    /** @param {readonly string[] | undefined} command */
    run: ([file = '', ...parameters] = []) =>
      spawnSync(file, parameters, { ...options, stdio: 'ignore' }).status,
  };
}

/**
 * The image's user, where this process may become another one, and that one gets at Node and at the image.
 * @param {import('./image-steps.mjs').Stage} stage
 * @param {string} cwd
 */
function userOf({ user = '' }, cwd) {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = user.split(':').map(Number);
  return spawnSync(process.execPath, ['--version'], { cwd, uid, gid }).status === 0 ? { uid, gid } : {};
}

/**
 * A value that holds an absolute path of the image, after a colon or alone.
 * @param {import('./image-steps.mjs').Stage} stage
 * @param {string} value
 */
function onThisMachine(stage, value) {
  return value.replace(/(?<=^|:)\/\w+/, (path) =>
    existsSync(inStage(stage, path)) ? inStage(stage, path) : path,
  );
}

/**
 * @param {ReturnType<typeof containerOf>} container
 * @param {import('node:child_process').ChildProcess} server
 * @param {import('./image-steps.mjs').Stage} stage
 */
async function becomesHealthy(container, server, { healthcheck }) {
  for (const until = Date.now() + START_PATIENCE_MS; Date.now() < until; await delay(LOOK_EVERY_MS)) {
    if (server.exitCode !== null) return false;
    if (container.run(healthcheck) === 0) return true;
  }
  return false;
}

/**
 * Whether who registers and logs in is told who it is.
 * @param {string} url
 */
async function isRecognised(url) {
  const student = { name: 'image', email: 'image@example.org', password: 'correct horse battery' };
  const json = { 'content-type': 'application/json' };
  await fetch(`${url}/student`, { method: 'POST', headers: json, body: JSON.stringify(student) });
  const authorization = `Basic ${Buffer.from(`${student.name}:${student.password}`).toString('base64')}`;
  const { token } = await (await fetch(`${url}/login`, { headers: { authorization } })).json();
  const answer = await (await fetch(`${url}/me`, { headers: { 'x-access-token': token } })).json();
  return answer.student?.name === student.name;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
