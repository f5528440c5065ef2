import { setTimeout as delay } from 'node:timers/promises';
import { startBareArgon2 } from './bare-argon2.mjs';
import { megabytes, milliseconds, ratio, spread, table } from './figures.mjs';
import { load } from './load.mjs';
import { overload } from './overload.mjs';
import { startPostgres } from './postgres.mjs';
import { check, getOne, getPage, login, register, tutorialLogin } from './requests.mjs';
import { alternate, median, rateRatio, roundsTable } from './rounds.mjs';
import { startServer } from './server.mjs';
import { fill } from './students.mjs';
import { targets } from './targets.mjs';

const SLICE_S = 2;
/** Hashes are slow: a longer slice holds enough of them. */
const HASH_SLICE_S = 4;
const rounds = (quick) => (quick ? 2 : 7);
/** V8 has to compile what a request passes through: of logins, at a hundred a second, that takes some two thousand. */
const warmUpS = (quick) => (quick ? 8 : 20);
const READ_WARM_UP_S = 5;

/** Everything the bench measures, by the name `--only` takes. `run` resolves to Markdown. */
export const works = {
  one: { title: 'GET one of 10,000 students, token checked', run: read(getOne, 1, ofOne) },
  page20: { title: 'A page of 20', run: read(getPage(20), 20) },
  page100: { title: 'A page of 100', run: read(getPage(100), 100, cpuAtMost(0.6)) },
  login: { title: 'Login, 16 at once', run: passwords('verify', login, tutorialLogin) },
  register: { title: 'Registration, 16 at once', run: passwords('hash', register, register) },
  thread: {
    title: 'Login and registration, 16 at once, one hashing thread: the rest of the cores left to HTTP',
    run: oneThread,
  },
  flood: { title: 'GET one, while 16 connections log in without pause', run: flood },
  start: { title: 'Start to first answer, memory', run: startAndMemory },
  growth: { title: 'Memory after 200,000 requests', run: growth },
  overload: {
    title: 'Overload: 2,000 connections log in without pause',
    run: ({ start }, quick) => overload(start.ours, quick ? 10 : 30),
  },
  postgres: { title: 'GET one on Postgres', run: onPostgres },
};

/** The rate below which nothing but the check of the token is done. */
const FLOOR = 'bare Fastify, from memory';

function cpuAtMost(ms) {
  return (slices) => targets(['server CPU a request', median(slices, 'cpuMs'), ['≤', ms], milliseconds]);
}

function ofOne(slices) {
  const share = rateRatio(slices, FLOOR);
  return `${cpuAtMost(0.2)(slices)}\n${targets(['rate, of that of bare Fastify', share, ['≥', 0.5]])}`;
}

function read(requests, students, aims = () => '') {
  return async ({ ours, fastify, nodeHttp, tutorial }, quick) => {
    const servers = [ours, fastify, nodeHttp, tutorial];
    for (const server of servers) {
      await check(server, requests, (answer) => answer.students.length === students);
      await load(server, requests, READ_WARM_UP_S);
    }
    const slices = await alternate(servers.map(slicesOf(requests, SLICE_S)), rounds(quick));
    return `${roundsTable(slices)}\n\n${aims(slices)}`.trim();
  };
}

const BARE = 'bare argon2, no HTTP';
/** What is to be left of bare argon2's rate. */
const LEAST_SHARE = { verify: 0.95, hash: 0.9 };

function passwords(work, requests, tutorialRequests) {
  return async ({ ours, fastify, tutorial }, quick) => {
    const right = (answer) => typeof (answer.token ?? answer.message) === 'string';
    const asked = new Map([
      [ours, requests],
      [fastify, requests],
      [tutorial, tutorialRequests],
    ]);
    for (const [server, theirs] of asked) await check(server, theirs, right);
    const { slices, aims } = await besideBareArgon2(work, asked, quick);
    return `${roundsTable(slices)}\n\n${aims}`;
  };
}

/** What is lost besides the cores that hashing shares with the event loop and the load generator. */
async function oneThread({ start }, quick) {
  const server = await start.ours({ HASH_CONCURRENCY: '1' });
  const sections = [];
  for (const [title, work, requests] of [
    ['Login', 'verify', login],
    ['Registration', 'hash', register],
  ]) {
    const { slices, aims } = await besideBareArgon2(work, new Map([[server, requests]]), quick, 1);
    sections.push(`${title}:\n\n${roundsTable(slices)}\n\n${aims}`);
  }
  await server.stop();
  return sections.join('\n\n');
}

/**
 * @param asked servers, ours first, with what each is asked
 * @param threads of bare argon2; undefined for as many as there are cores
 */
async function besideBareArgon2(work, asked, quick, threads) {
  const argon2 = await startBareArgon2(threads);
  const servers = [];
  for (const [server, requests] of asked) {
    await load(server, requests, warmUpS(quick));
    servers.push(slicesOf(requests, HASH_SLICE_S)(server));
  }
  const bare = { name: BARE, run: () => argon2.run(work, HASH_SLICE_S) };
  const slices = await alternate([servers[0], bare, ...servers.slice(1)], rounds(quick));
  argon2.stop();
  const share = rateRatio(slices, BARE);
  return { slices, aims: targets(['rate, of that of bare argon2', share, ['≥', LEAST_SHARE[work]]]) };
}

function slicesOf(requests, seconds) {
  return (server) => ({ name: server.name, run: () => load(server, requests, seconds) });
}

/** Quiet reads, quiet logins and both together, in turn: what each keeps of its quiet rate. */
async function flood({ ours, tutorial }, quick) {
  const rows = [];
  const aims = [];
  for (const [server, logins] of [
    [ours, login],
    [tutorial, tutorialLogin],
  ]) {
    const kept = [];
    await load(server, logins, warmUpS(quick));
    for (let round = 0; round <= rounds(quick); round += 1) {
      const reads = await load(server, getOne, SLICE_S);
      const loggedIn = await load(server, logins, HASH_SLICE_S);
      const [readsThen, loggedInThen] = await Promise.all([
        load(server, getOne, HASH_SLICE_S),
        load(server, logins, HASH_SLICE_S),
      ]);
      if (round > 0) kept.push({ reads, loggedIn, readsThen, loggedInThen });
    }
    const middle = (figure) => spread(kept.map(figure)).median;
    const readsKept = (one) => one.readsThen.perSecond / one.reads.perSecond;
    const slower = (one) => one.readsThen.p99 / one.reads.p99;
    const loginsKept = (one) => one.loggedInThen.perSecond / one.loggedIn.perSecond;
    rows.push({
      server: server.name,
      'GET, quiet': `${Math.round(middle(({ reads }) => reads.perSecond))}/s`,
      'in the flood': `${Math.round(middle(({ readsThen }) => readsThen.perSecond))}/s`,
      'its share of quiet': ratio(kept.map(readsKept)),
      'p50 in the flood': milliseconds(middle(({ readsThen }) => readsThen.p50)),
      p99: milliseconds(middle(({ readsThen }) => readsThen.p99)),
      'p99 / quiet': ratio(kept.map(slower)),
      'logins, quiet': `${Math.round(middle(({ loggedIn }) => loggedIn.perSecond))}/s`,
      'flood / quiet logins': ratio(kept.map(loginsKept)),
      errors: kept.reduce((sum, one) => sum + one.readsThen.errors + one.loggedInThen.errors, 0),
    });
    if (server === ours) {
      aims.push(
        ['GET in the flood, of its quiet rate', middle(readsKept), ['≥', 0.5]],
        ['its p99, of its quiet one', middle(slower), ['≤', 4]],
        ['flood, of the quiet login rate', middle(loginsKept), ['≥', 0.7]],
      );
    }
  }
  return `${table(rows)}\n\n${targets(...aims)}`;
}

const IDLE_MS = 25_000;
/** In which the servers that run beside finish what was asked of them last, and collect their garbage. */
const SETTLE_MS = 5_000;

async function startAndMemory({ start, ...running }, quick) {
  await delay(SETTLE_MS);
  const rows = [];
  const aims = [];
  for (const [name, begin] of Object.entries(start)) {
    const times = [];
    for (let n = 0; n < (quick ? 2 : 5); n += 1) {
      const server = await begin();
      times.push(server.firstAnswerMs);
      await server.stop();
    }
    const { median: middle, min, max } = spread(times);
    const idle = await begin();
    await delay(IDLE_MS);
    const idleMb = idle.memoryMb().now;
    if (name === 'ours')
      aims.push(
        ['start to first answer', middle, ['≤', 1200], milliseconds],
        ['idle memory', idleMb, ['≤', 110], megabytes],
      );
    rows.push({
      server: idle.name,
      'start to first answer': `${milliseconds(middle)} (${Math.round(min)}–${Math.round(max)})`,
      'idle memory': megabytes(idleMb),
      'peak memory of the run so far': megabytes(running[name].memoryMb().peak),
    });
    await idle.stop();
  }
  return `${table(rows)}\n\n${targets(...aims)}`;
}

/** A server of its own: what it holds after the first tenth of the requests is what it is compared with. */
async function growth({ start }, quick) {
  const server = await start.ours();
  const total = quick ? 20_000 : 200_000;
  const rows = [];
  const held = [];
  let sent = 0;
  for (const share of [0.1, 0.5, 1]) {
    while (sent < total * share) sent += Math.round((await load(server, getOne, 1)).perSecond);
    held.push(server.memoryMb().now);
    rows.push({ requests: sent, 'resident memory': megabytes(held.at(-1)) });
  }
  await server.stop();
  return `${table(rows)}\n\n${targets(['last / first', held.at(-1) / held[0], ['≤', 1.2]])}`;
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
    return `${roundsTable(slices)}\n\n${cpuAtMost(0.45)(slices)}`;
  } finally {
    await postgres.stop();
  }
}
