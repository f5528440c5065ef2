/*
 * node bench/scaling.mjs [ROWS], after a build: what docs/scaling.md reckons with. On SQLite and on the Postgres of the npm package:
 * bytes a row with its indexes; then, on the filled tables, CPU of the server and of Postgres, statements and write-ahead log a
 * request. Prints, asserts nothing; reads /proc, so it needs Linux.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { machine } from './lib/machine.mjs';
import { startServer } from './lib/server.mjs';
import { fillStatements } from './scaling/fill.mjs';
import { startMeasuredPostgres } from './scaling/postgres.mjs';
import { works } from './scaling/works.mjs';

const ROWS = Number(process.argv[2] ?? 100_000);

/**
 * Its budgets on, as in production: requests come from one proxy, which says whom from, since they are counted by that
 * address.
 */
const startMeasured = (databaseUrl) => startServer(databaseUrl, { THROTTLE: 'on', TRUST_PROXY: '1' });

console.log(machine(process.argv.slice(2), 'node bench/scaling.mjs'));
await onSqlite();
await onPostgres();

async function onSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-scaling-'));
  const file = join(folder, 'students.db');
  const server = await startMeasured(`sqlite:${file}`);
  const database = new Sqlite(file);
  const bytes = () =>
    database.pragma('page_count', { simple: true }) * database.pragma('page_size', { simple: true });
  for (const { table, sql } of fillStatements('sqlite', ROWS)) {
    const before = bytes();
    database.exec(sql);
    print('SQLite', table, [[(bytes() - before) / ROWS, 0, 'bytes a row']]);
  }
  database.close();
  await warmUp(server);
  for (const work of works(server.url, 'a')) {
    const before = server.cpuMs();
    const count = await work.run();
    print('SQLite', work.name, [[(server.cpuMs() - before) / count, 3, 'ms of server CPU']]);
  }
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function onPostgres() {
  const postgres = await startMeasuredPostgres();
  const server = await startMeasured(postgres.url);
  for (const { table, sql } of fillStatements('postgres', ROWS)) {
    await postgres.ask(sql);
    await postgres.ask(`VACUUM ANALYZE ${table}`);
    const { all, heap } = await postgres.ask(
      `SELECT pg_total_relation_size('${table}') AS all, pg_relation_size('${table}') AS heap`,
    );
    print('Postgres', table, [
      [all / ROWS, 0, 'bytes a row'],
      [heap / ROWS, 0, 'of them without indexes'],
    ]);
  }
  await postgres.ask("SELECT setval(pg_get_serial_sequence('student', 'id'), (SELECT max(id) FROM student))");
  await warmUp(server);
  // Right after a checkpoint each page that changes is logged whole: the most that a request can bring.
  await postgres.ask('CHECKPOINT');
  for (const work of works(server.url, 'a')) {
    const [cpu, its, log] = [server.cpuMs(), postgres.cpuMs(), await postgres.walBytes()];
    const count = await work.run();
    print('Postgres', work.name, [
      [(server.cpuMs() - cpu) / count, 3, 'ms of server CPU'],
      [(postgres.cpuMs() - its) / count, 3, 'ms of Postgres CPU'],
      [((await postgres.walBytes()) - log) / count, 0, 'bytes of log with whole pages'],
    ]);
  }
  // Counting statements costs CPU, and whole pages hide the records: a round of its own.
  await postgres.set({ log_statement: 'all', full_page_writes: 'off' });
  for (const work of works(server.url, 'b')) {
    const [statements, log] = [postgres.statements(), await postgres.walBytes()];
    const count = await work.run();
    print('Postgres', work.name, [
      [(postgres.statements() - statements) / count, 1, 'statements'],
      [((await postgres.walBytes()) - log) / count, 0, 'bytes of log without whole pages'],
    ]);
  }
  await server.stop();
  await postgres.stop();
}

/** What V8 has not compiled yet costs several times as much. */
async function warmUp(server) {
  for (const work of works(server.url, 'warm-up')) await work.run();
}

function print(database, what, figures) {
  const told = figures.map(([figure, digits, unit]) => `${figure.toFixed(digits)} ${unit}`);
  console.log(`${database.padEnd(9)} ${what.padEnd(28)} ${told.join(', ')}`);
}
