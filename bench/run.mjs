/*
 * npm run bench [-- SECONDS]: start to first answer, memory, token-checked GETs and logins per second of the built server.
 * Prints, asserts nothing: machines differ, and quote ratios rather than single figures.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { load } from './lib/load.mjs';
import { startServer } from './lib/server.mjs';
import { walk } from './lib/walk.mjs';

const STARTS = 5;
const IDLE_MS = 20_000;
const seconds = Number(process.argv[2] ?? 8);

const starts = [];
for (let n = 0; n < STARTS; n += 1) {
  const server = await startServer();
  starts.push(server.firstAnswerMs);
  await server.stop();
}
starts.sort((a, b) => a - b);
print(
  'start to first answer',
  `${ms(starts[STARTS >> 1])} (median of ${STARTS}, ${ms(starts[0])} to ${ms(starts.at(-1))})`,
);

const server = await startServer();
await delay(IDLE_MS);
print('idle memory', `${mb(server.memoryMb()?.now)} resident, ${IDLE_MS / 1000} s after the start`);
const { path, token, authorization } = await walk(server);
for (const [work, request] of [
  ['GET /health/live', { path: '/health/live' }],
  ['GET one student, token checked', { path, headers: { 'x-access-token': token } }],
  ['GET /login', { path: '/login', headers: { authorization } }],
]) {
  const { perSecond, p50, p99, cpuMsPerRequest, errors } = await load(server, request, seconds);
  const cpu = cpuMsPerRequest === undefined ? '' : `, ${cpuMsPerRequest.toFixed(3)} ms of server CPU each`;
  print(work, `${Math.round(perSecond)}/s, p50 ${ms(p50)}, p99 ${ms(p99)}${cpu}, ${errors} errors`);
}
print('peak memory', mb(server.memoryMb()?.peak));
await server.stop();

function print(what, figure) {
  console.log(`${what.padEnd(32)} ${figure}`);
}

function ms(value) {
  return `${Math.round(value)} ms`;
}

function mb(value) {
  return value === undefined ? 'unknown here' : `${Math.round(value)} MB`;
}
