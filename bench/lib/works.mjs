import { setTimeout as delay } from 'node:timers/promises';
import { startBareArgon2 } from './bare-argon2.mjs';
import { megabytes, milliseconds, ratio, spread, table } from './figures.mjs';
import { load } from './load.mjs';
import { startPostgres } from './postgres.mjs';
import { check, getOne, getPage, login, register, tutorialLogin } from './requests.mjs';
import { alternate, roundsTable } from './rounds.mjs';
import { startServer } from './server.mjs';
import { fill } from './students.mjs';

const SLICE_S = 2;
/** Hashes are slow: a longer slice holds enough of them. */
const HASH_SLICE_S = 4;
const rounds = (quick) => (quick ? 2 : 7);

/** Everything the bench measures, by the name `--only` takes. `run` resolves to Markdown. */
export const works = {
  one: { title: 'GET one of 10,000 students, token checked', run: read(getOne, 1) },
  page20: { title: 'A page of 20', run: read(getPage(20), 20) },
  page100: { title: 'A page of 100', run: read(getPage(100), 100) },
  login: { title: 'Login, 16 at once', run: passwords('verify', login, tutorialLogin) },
  register: { title: 'Registration, 16 at once', run: passwords('hash', register, register) },
  flood: { title: 'GET one, while 16 connections log in without pause', run: flood },
  start: { title: 'Start to first answer, memory', run: startAndMemory },
  growth: { title: 'Memory after 200,000 requests', run: growth },
  postgres: { title: 'GET one on Postgres', run: onPostgres },
};

function read(requests, students) {
  return async ({ ours, fastify, nodeHttp, tutorial }, quick) => {
    const servers = [ours, fastify, nodeHttp, tutorial];
    for (const server of servers)
      await check(server, requests, (answer) => answer.students.length === students);
    return roundsTable(await alternate(servers.map(slicesOf(requests, SLICE_S)), rounds(quick)));
  };
}

function passwords(work, requests, tutorialRequests) {
  return async ({ ours, tutorial }, quick) => {
    const right = (answer) => typeof (answer.token ?? answer.message) === 'string';
    await check(ours, requests, right);
    await check(tutorial, tutorialRequests, right);
    const argon2 = await startBareArgon2();
    const contenders = [
      slicesOf(requests, HASH_SLICE_S)(ours),
      { name: 'bare argon2, no HTTP', run: () => argon2.run(work, HASH_SLICE_S) },
      slicesOf(tutorialRequests, HASH_SLICE_S)(tutorial),
    ];
    const slices = await alternate(contenders, rounds(quick));
    argon2.stop();
    return roundsTable(slices);
  };
}

function slicesOf(requests, seconds) {
  return (server) => ({ name: server.name, run: () => load(server, requests, seconds) });
}

/** Quiet reads, quiet logins and both together, in turn: what each keeps of its quiet rate. */
async function flood({ ours, tutorial }, quick) {
  const rows = [];
  for (const [server, logins] of [
    [ours, login],
    [tutorial, tutorialLogin],
  ]) {
    const kept = [];
    for (let round = 0; round <= rounds(quick); round += 1) {
      const reads = await load(server, getOne, SLICE_S);
      const loggedIn = await load(server, logins, HASH_SLICE_S);
      const [readsThen, loggedInThen] = await Promise.all([
        load(server, getOne, HASH_SLICE_S),
        load(server, logins, HASH_SLICE_S),
      ]);
      if (round > 0) kept.push({ reads, loggedIn, readsThen, loggedInThen });
    }
    const of = (figure) => ratio(kept.map(figure));
    rows.push({
      server: server.name,
      'GET, quiet': `${Math.round(spread(kept.map((one) => one.reads.perSecond)).median)}/s`,
      'GET in the flood / quiet': of((one) => one.readsThen.perSecond / one.reads.perSecond),
      'its p99 / quiet': of((one) => one.readsThen.p99 / one.reads.p99),
      'logins, quiet': `${Math.round(spread(kept.map((one) => one.loggedIn.perSecond)).median)}/s`,
      'flood / quiet logins': of((one) => one.loggedInThen.perSecond / one.loggedIn.perSecond),
      errors: kept.reduce((sum, one) => sum + one.readsThen.errors + one.loggedInThen.errors, 0),
    });
  }
  return table(rows);
}

const IDLE_MS = 25_000;

async function startAndMemory({ start, ...running }, quick) {
  const rows = [];
  for (const [name, begin] of Object.entries(start)) {
    const times = [];
    for (let n = 0; n < (quick ? 2 : 5); n += 1) {
      const server = await begin();
      times.push(server.firstAnswerMs);
      await server.stop();
    }
    const { median, min, max } = spread(times);
    const idle = await begin();
    await delay(IDLE_MS);
    rows.push({
      server: idle.name,
      'start to first answer': `${milliseconds(median)} (${Math.round(min)}–${Math.round(max)})`,
      'idle memory': megabytes(idle.memoryMb().now),
      'peak memory of the run so far': megabytes(running[name].memoryMb().peak),
    });
    await idle.stop();
  }
  return table(rows);
}

/** A server of its own: what it holds after the first tenth of the requests is what it is compared with. */
async function growth({ start }, quick) {
  const server = await start.ours();
  const total = quick ? 20_000 : 200_000;
  const rows = [];
  let sent = 0;
  for (const share of [0.1, 0.5, 1]) {
    while (sent < total * share) sent += Math.round((await load(server, getOne, 1)).perSecond);
    rows.push({ requests: sent, 'resident memory': megabytes(server.memoryMb().now) });
  }
  await server.stop();
  return table(rows);
}

async function onPostgres(_servers, quick) {
  const postgres = await startPostgres();
  if (!postgres) return 'No Postgres could be started here.';
  try {
    await fill(postgres.url);
    const server = await startServer(postgres.url);
    await check(server, getOne, (answer) => answer.students.length === 1);
    const slices = await alternate([slicesOf(getOne, SLICE_S)(server)], rounds(quick));
    await server.stop();
    return roundsTable(slices);
  } finally {
    await postgres.stop();
  }
}
