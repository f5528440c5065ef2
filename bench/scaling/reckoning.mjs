import { table } from '../lib/figures.mjs';

/**
 * Measured on Postgres: milliseconds of CPU of the server and of Postgres, statements, and bytes of log long after a checkpoint
 * and right after one. `loop`, the part of the server's CPU that its event loop takes, is assumed where a hash is
 * reckoned on a thread of its own: a login has twice the statements of a refresh.
 */
const COSTS = {
  login: { server: 14.4, loop: 3.3, postgres: 2.7, statements: 15, log: 2_537, logAtFirst: 15_441 },
  'failed login': { server: 13.65, loop: 1.65, postgres: 1.4, statements: 6, log: 795, logAtFirst: 8_299 },
  refresh: { server: 1.65, loop: 1.65, postgres: 1.65, statements: 7, log: 1_853, logAtFirst: 2_149 },
  'token check': { server: 0.332, loop: 0.332, postgres: 0.586, statements: 2, log: 0, logAtFirst: 0 },
};
/** Bytes of a row with its indexes, measured; of login keys, the two that a student has. */
const BYTES = { student: 367, keys: 306, address: 123, session: 496, token: 362, event: 497 };

/** Requests of an average student on an average day, holidays and the idle among them. */
const PER_DAY = { login: 0.75, 'failed login': 0.1, refresh: 3, 'token check': 100 };
/** The busiest second against the day's average. */
const PEAK = 10;
/** How much of what there is (cores, event loops) the busiest second may take. */
const BUSY = 0.5;
/** Cores of a process: one for its event loop, one for hashes. */
const CORES = 2;
/** A session lives 30 days from its last refresh (REFRESH_TOKEN_TTL), and what ended is kept for 30 more. */
const SESSION_DAYS = 60;
/** AUDIT_RETENTION; a login and a failed one is an event each. */
const AUDIT_DAYS = 400;
const ADDRESSES = 3;
/** Connections of a process: `pool_size`. */
const POOL = 10;
/** The first day of school: so many of all students log in within so many seconds. */
const RUSH = { share: 1 / 3, seconds: 300 };
const STUDENTS = [10_000, 1_000_000, 100_000_000];

const works = Object.keys(COSTS);

/** What one student's requests take of something in the busiest second. */
function perStudent(what) {
  return works.reduce((sum, work) => sum + (PER_DAY[work] * PEAK * COSTS[work][what]) / 86_400, 0);
}

function load(students) {
  const rate = (work) => (students * PER_DAY[work] * PEAK) / 86_400;
  const busy = (what) => (students * perStudent(what)) / 1_000;
  const rush = (students * RUSH.share) / RUSH.seconds;
  const processes = Math.max(2, Math.ceil(Math.max(busy('loop'), busy('server') / CORES) / BUSY));
  return {
    'logins a second': figure(rate('login')),
    'refreshes a second': figure(rate('refresh')),
    'token checks a second': figure(rate('token check')),
    'cores of servers, busy': figure(busy('server')),
    'of them in event loops': figure(busy('loop')),
    [`processes of ${CORES} cores`]: figure(processes),
    'cores of Postgres, busy': figure(busy('postgres')),
    'statements a second': figure(students * perStudent('statements')),
    'log, MB a second': `${figure((students * perStudent('log')) / 1e6)}–${figure((students * perStudent('logAtFirst')) / 1e6)}`,
    connections: figure(processes * POOL),
    'in a rush: logins a second': figure(rush),
    'in a rush: cores of servers, busy': figure((rush * COSTS.login.server) / 1_000),
  };
}

function disk(students) {
  const identity = BYTES.student + BYTES.keys + ADDRESSES * BYTES.address;
  const sessions =
    SESSION_DAYS * (PER_DAY.login * (BYTES.session + BYTES.token) + PER_DAY.refresh * BYTES.token);
  const audit = AUDIT_DAYS * (PER_DAY.login + PER_DAY['failed login']) * BYTES.event;
  const gigabytes = (bytes) => figure((students * bytes) / 1e9);
  return {
    'students, keys, addresses, GB': gigabytes(identity),
    'sessions and refresh tokens, GB': gigabytes(sessions),
    'audit log, GB': gigabytes(audit),
    'together, GB': gigabytes(identity + sessions + audit),
  };
}

/** Two digits that count, and no more: the rest would be pretended. */
function figure(value) {
  return Number(value.toPrecision(2)).toLocaleString('en');
}

/** A row for each figure, a column for each number of students. */
function sideBySide(reckon) {
  const columns = STUDENTS.map(reckon);
  return table(
    Object.keys(columns[0]).map((name) => ({
      students: name,
      ...Object.fromEntries(columns.map((column, at) => [STUDENTS[at].toLocaleString('en'), column[name]])),
    })),
  );
}

/** What a request costs, what the students' requests take, and what is kept of them: Markdown, for docs/scaling.md. */
export const tables = [
  table(
    works.map((work) => ({ request: work, 'a student and day': PER_DAY[work], ...columnsOf(COSTS[work]) })),
  ),
  sideBySide(load),
  sideBySide(disk),
];

function columnsOf({ server, loop, postgres, statements, log, logAtFirst }) {
  return {
    'server, ms': server,
    'of it in the event loop': loop,
    'Postgres, ms': postgres,
    statements,
    'log, bytes': `${log.toLocaleString('en')}–${logAtFirst.toLocaleString('en')}`,
  };
}
