import { setTimeout as delay } from 'node:timers/promises';
import { megabytes, milliseconds, table } from './figures.mjs';
import { load } from './load.mjs';
import { loadApart } from './load-apart.mjs';
import { check, floodLogin, getOne, login } from './requests.mjs';

const CONNECTIONS = 2_000;
const ASKING = 4;
const QUIET_SECONDS = 6;
/** Those who ask begin before the flood, and go on while its last answers come. */
const AHEAD_SECONDS = 2;
const SETTLE_MS = 10_000;

/**
 * 2,000 connections log in without pause, while a few ask for students on connections that were there before. Says what
 * became of both, and what the server does before and after. The flood, and those who ask, are processes of their own.
 */
export async function overload(begin, seconds) {
  const server = await begin();
  await check(server, getOne, (answer) => answer.students.length === 1);
  await check(server, login, (answer) => typeof answer.token === 'string');
  await load(server, getOne, QUIET_SECONDS);
  const before = await quiet(server);
  const { flood, asked, coresBusy } = await flooded(server, seconds);
  const { peak } = server.memoryMb();
  await delay(SETTLE_MS);
  const after = await quiet(server);
  await server.stop();
  const answers = [
    answersOf(`the flood: ${CONNECTIONS} connections, ${seconds} s`, flood),
    answersOf(`GET one on ${ASKING} connections`, asked),
  ];
  const beside = (what, show, figure) => ({
    '': what,
    before: show(figure(before)),
    after: show(figure(after)),
    'after / before': (figure(after) / figure(before)).toFixed(2),
  });
  const rate = (value) => `${Math.round(value)}/s`;
  const changes = [
    beside('GET one, 16 connections', rate, ({ reads }) => reads.perSecond),
    beside('login, 16 connections', rate, ({ logins }) => logins.perSecond),
    beside(`memory (peak ${megabytes(peak)})`, megabytes, ({ memoryMb }) => memoryMb),
  ];
  const cores = `Cores busy with the server in the flood: ${coresBusy.toFixed(2)}.`;
  return [table(answers), cores, table(changes)].join('\n\n');
}

async function quiet(server) {
  const reads = await load(server, getOne, QUIET_SECONDS);
  const logins = await load(server, login, QUIET_SECONDS);
  return { reads, logins, memoryMb: server.memoryMb().now };
}

async function flooded(server, seconds) {
  const asking = loadApart(server, {
    requests: getOne.slice(0, 100),
    seconds: seconds + 2 * AHEAD_SECONDS,
    connections: ASKING,
  });
  await delay(AHEAD_SECONDS * 1000);
  const cpuBefore = server.cpuMs();
  const startedAt = performance.now();
  const flood = await loadApart(server, { requests: floodLogin, seconds, connections: CONNECTIONS });
  const coresBusy = (server.cpuMs() - cpuBefore) / (performance.now() - startedAt);
  return { flood, asked: await asking, coresBusy };
}

function answersOf(what, { statuses, unanswered, timeouts, p50, p99 }) {
  const counted = Object.entries(statuses).map(([status, { count }]) => `${count} × ${status}`);
  const waits = Object.entries(statuses).map(([status, { longest: ms }]) => `${status}: ${milliseconds(ms)}`);
  return {
    what,
    answers: counted.join(', '),
    unanswered,
    'of these timed out': timeouts,
    'p50 of the good': milliseconds(p50),
    p99: milliseconds(p99),
    longest: waits.join(', '),
  };
}
