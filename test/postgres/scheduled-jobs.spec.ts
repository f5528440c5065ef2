import { Client, type Member } from '../support/client.js';
import { onPostgres, type PostgresClient } from '../support/postgres-client.js';
import { ROOT, type ServerProcess, startServer } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const FAST_TICKS = `--import=${ROOT}/test/support/fast-ticks.mjs`;
const MANY = 1_500;
const LONG_AGO = Date.UTC(2020, 0);

/** Two processes of the built server on one Postgres, whose jobs come twenty times a second. */
let database: TestDatabase;
let postgres: PostgresClient;
let servers: ServerProcess[];
let kim: Member;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  postgres = await onPostgres(database.url);
  const env = {
    DATABASE_URL: database.url,
    NODE_ENV: 'production',
    NODE_OPTIONS: FAST_TICKS,
    AUDIT_RETENTION: '1d',
  };
  servers = await Promise.all([startServer(env), startServer(env)]);
  kim = await new Client(servers[0]?.url ?? '').join();
});

afterAll(async () => {
  for (const server of servers) expect(await server.stop()).toBe(0);
  await postgres.end();
  await database.drop();
});

const count = async (what: string): Promise<number> =>
  Number((await postgres.query(`SELECT count(*) AS n FROM ${what}`))[0]?.['n']);
const ticks = (server: ServerProcess): number => server.output().match(/^tick$/gm)?.length ?? 0;
const linesOf = (server: ServerProcess): Record<string, unknown>[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('scheduled jobs of two processes', () => {
  it('do each thing once, and neither has a fault to tell', async () => {
    await postgres.query(
      `INSERT INTO known_address (student_id, address, last_login_at)
       SELECT st.id, 'old-' || n, $1 FROM student st, generate_series(1, ${MANY}) n WHERE st.name = $2`,
      [LONG_AGO, kim.name],
    );
    await postgres.query(
      `INSERT INTO audit_event (at, action, actor, student, ip, user_agent, request_id)
       SELECT $1, 'login', 'x', 'old', '', '', '' FROM generate_series(1, ${MANY})`,
      [LONG_AGO],
    );
    await postgres.query(
      `INSERT INTO session (id, student_id, created_at, last_used_at, expires_at, user_agent, ip)
       SELECT 'expired-' || n, st.id, $1, $1, $2, '', '' FROM student st, generate_series(1, ${MANY}) n WHERE st.name = $3`,
      [LONG_AGO, Date.now() - 1_000, kim.name],
    );
    await until('the expired sessions are written down', async () => {
      return (await count("session WHERE ended_by = 'expired'")) === MANY;
    });
    await until('old addresses and events are gone', async () => {
      const left =
        (await count("known_address WHERE address LIKE 'old-%'")) +
        (await count("audit_event WHERE student = 'old'"));
      return left === 0;
    });
    const toldExpired = (): string[] =>
      servers
        .flatMap(linesOf)
        .flatMap(({ by, sessions }) => (by === 'expired' ? (sessions as string[]) : []));
    await until('the log tells of each session', () => toldExpired().length >= MANY);
    expect(new Set(toldExpired()).size).toBe(MANY);
    expect(toldExpired()).toHaveLength(MANY);
    expect(servers.flatMap(linesOf).filter(({ level }) => Number(level) >= 40)).toEqual([]);
    expect((await new Client(servers[1]?.url ?? '').get('/me', kim.token)).status).toBe(200);
  });

  it.each(['refresh_token', 'known_address', 'audit_event'])(
    'leave %s to the one that is at it',
    async (table) => {
      const waiting = (): Promise<number> =>
        count(`pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      const holder = await onPostgres(database.url);
      try {
        await holder.query('BEGIN');
        await holder.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
        await until('one of them waits for the table', async () => (await waiting()) > 0);
        const before = servers.map(ticks);
        await until('the other comes by again and again', () =>
          servers.every((server, n) => ticks(server) > (before[n] ?? 0) + 10),
        );
        expect(await waiting()).toBe(1);
      } finally {
        await holder.end();
      }
    },
  );
});
