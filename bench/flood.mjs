/*
 * node bench/flood.mjs [SECONDS]: 2,000 connections log in without pause for 30 s, while one asks for a student. Prints
 * the throughput of the token-checked GET before and after, and what became of the flood; asserts nothing.
 */
import autocannon from 'autocannon';
import { load } from './lib/load.mjs';
import { startServer } from './lib/server.mjs';
import { walk } from './lib/walk.mjs';

const CONNECTIONS = 2_000;
const QUIET_SECONDS = 6;
const seconds = Number(process.argv[2] ?? 30);

const server = await startServer();
const { path, token, authorization } = await walk(server);
// A student has a hundred sessions at most: the flood logs in as another one, or it would end this token's.
const flooder = await another();
const cheap = { path, headers: { 'x-access-token': token } };
const before = await load(server, cheap, QUIET_SECONDS);
const memoryBefore = server.memoryMb()?.now;

const flood = autocannon({
  url: `${server.url}/login`,
  headers: { authorization: flooder },
  connections: CONNECTIONS,
  duration: seconds,
  timeout: 30,
});
const meanwhile = await autocannon({
  url: server.url + path,
  headers: cheap.headers,
  connections: 1,
  duration: Math.max(1, seconds - 2),
  timeout: 30,
});
const { statusCodeStats, latency, errors, timeouts } = await flood;
const memoryAfter = server.memoryMb();
const after = await load(server, cheap, QUIET_SECONDS);

const statuses = Object.entries(statusCodeStats).map(([status, { count }]) => `${count} × ${status}`);
console.log(
  `flood        ${CONNECTIONS} connections, ${seconds} s: ${statuses.join(', ')}; ${errors} errors, ${timeouts} time-outs`,
);
console.log(`             p50 ${latency.p50} ms, p99 ${latency.p99} ms, longest ${latency.max} ms`);
console.log(
  `meanwhile    GET one on 1 connection: ${meanwhile.requests.total} answers, ${meanwhile.non2xx} not 2xx, ${meanwhile.errors} errors, p50 ${meanwhile.latency.p50} ms, p99 ${meanwhile.latency.p99} ms`,
);
console.log(
  `before/after GET one: ${Math.round(before.perSecond)}/s, ${Math.round(after.perSecond)}/s, ratio ${(after.perSecond / before.perSecond).toFixed(2)}; errors ${before.errors}, ${after.errors}`,
);
console.log(
  `memory       ${Math.round(memoryBefore)} MB before, ${Math.round(memoryAfter.now)} MB after, ${Math.round(memoryAfter.peak)} MB at its peak`,
);
await server.stop();

async function another() {
  const response = await fetch(`${server.url}/student`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'flooder',
      email: 'flooder@example.org',
      password: 'correct horse battery',
    }),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return authorization.replace(/ .*/, ` ${Buffer.from('flooder:correct horse battery').toString('base64')}`);
}
