/*
 * npm run bench -- flood [SECONDS]: 2,000 connections log in without pause for 30 s, while a few ask for students on
 * connections that were there before. Prints what became of both, and the token-checked GET before and after; asserts
 * nothing. The flood, and those who ask, are processes of their own.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { megabytes, milliseconds, table } from './lib/figures.mjs';
import { load } from './lib/load.mjs';
import { loadApart } from './lib/load-apart.mjs';
import { machine } from './lib/machine.mjs';
import { check, getOne, login } from './lib/requests.mjs';
import { startServer } from './lib/server.mjs';
import { fill } from './lib/students.mjs';

const CONNECTIONS = 2_000;
const ASKING = 4;
const QUIET_SECONDS = 6;
/** Those who ask begin before the flood, and go on while its last answers come. */
const AHEAD_SECONDS = 2;
const SETTLE_MS = 10_000;
/** autocannon makes each connection all its requests before it begins. */
const FLOODING = login.slice(0, 16);
const seconds = Number(process.argv[2] ?? 30);

const folder = mkdtempSync(join(tmpdir(), 'student-auth-flood-'));
const databaseUrl = `sqlite:${join(folder, 'students.db')}`;
await fill(databaseUrl);
const server = await startServer(databaseUrl);
await check(server, getOne, (answer) => answer.students.length === 1);
await check(server, login, (answer) => typeof answer.token === 'string');

await load(server, getOne, QUIET_SECONDS);
const before = await load(server, getOne, QUIET_SECONDS);
const logins = await load(server, login, QUIET_SECONDS);
const memoryBefore = server.memoryMb().now;

const asking = loadApart(server, {
  requests: getOne.slice(0, 100),
  seconds: seconds + 2 * AHEAD_SECONDS,
  connections: ASKING,
});
await delay(AHEAD_SECONDS * 1000);
const cpuBefore = server.cpuMs();
const floodedAt = performance.now();
const flood = await loadApart(server, { requests: FLOODING, seconds, connections: CONNECTIONS });
const cpuInFlood = (server.cpuMs() - cpuBefore) / (performance.now() - floodedAt);
const asked = await asking;
const memory = server.memoryMb();
await delay(SETTLE_MS);
const after = await load(server, getOne, QUIET_SECONDS);
const loginsAfter = await load(server, login, QUIET_SECONDS);
const memoryAfter = server.memoryMb().now;

console.log(`${machine(['flood', ...process.argv.slice(2)])}\n`);
const row = (what, { statuses, unanswered, timeouts, p50, p99, longest }) => ({
  what,
  answers: Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', '),
  unanswered,
  'of these timed out': timeouts,
  'p50 of the good': milliseconds(p50),
  p99: milliseconds(p99),
  'longest of all': milliseconds(longest),
});
console.log(
  table([
    row(`the flood: ${CONNECTIONS} connections, ${seconds} s`, flood),
    row(`GET one on ${ASKING} connections`, asked),
  ]),
);
console.log(`\nCores busy with the server in the flood: ${cpuInFlood.toFixed(2)}.\n`);
console.log(
  table([
    {
      '': 'GET one, 16 connections',
      before: `${Math.round(before.perSecond)}/s`,
      after: `${Math.round(after.perSecond)}/s`,
      'after / before': (after.perSecond / before.perSecond).toFixed(2),
    },
    {
      '': 'login, 16 connections',
      before: `${Math.round(logins.perSecond)}/s`,
      after: `${Math.round(loginsAfter.perSecond)}/s`,
      'after / before': (loginsAfter.perSecond / logins.perSecond).toFixed(2),
    },
    {
      '': `memory (peak ${megabytes(memory.peak)})`,
      before: megabytes(memoryBefore),
      after: megabytes(memoryAfter),
      'after / before': (memoryAfter / memoryBefore).toFixed(2),
    },
  ]),
);
await server.stop();
rmSync(folder, { recursive: true, force: true });
