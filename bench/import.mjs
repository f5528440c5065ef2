/*
 * npm run bench -- import [STUDENTS]: `import:flask` of the original app's file with a million students, whole, killed in
 * the middle and continued, beside a server that is asked meanwhile, and (a fifth of them) into a Postgres. Prints, asserts
 * nothing; memory is read from /proc, so that needs Linux.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { makeFlaskFile, runCommand, startCommand } from './lib/commands.mjs';
import { milliseconds, spread } from './lib/figures.mjs';
import { load } from './lib/load.mjs';
import { machine } from './lib/machine.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { getOne } from './lib/requests.mjs';
import { startServer } from './lib/server.mjs';
import { fill } from './lib/students.mjs';

const STUDENTS = Number(process.argv[2] ?? 1_000_000);
const CARRIED = 'SELECT public_id, name, email, password, role FROM student ORDER BY id';
const SLICE_S = 4;
const MOST_SLICES = 8;
/** As few as leave the import its core: how long an answer takes is asked, not how many there can be. */
const CONNECTIONS = 2;

const folder = mkdtempSync(join(tmpdir(), 'student-auth-bench-import-'));
const flask = join(folder, 'flask.db');
try {
  console.log(`${machine(['import', ...process.argv.slice(2)])}\n`);
  await makeFlaskFile(STUDENTS, flask);
  await whole(join(folder, 'whole.db'));
  await killed(join(folder, 'killed.db'));
  await besideServer(join(folder, 'served.db'));
  await onPostgres(Math.ceil(STUDENTS / 5));
} finally {
  rmSync(folder, { recursive: true });
}

async function whole(file) {
  tell('whole', await runCommand(`sqlite:${file}`, ['import:flask', flask]));
  console.log(`  ${compared(file)}`);
}

async function killed(file) {
  const import_ = startCommand(`sqlite:${file}`, ['import:flask', flask]);
  while (import_.running() && reached(file) < STUDENTS / 2) await delay(20);
  import_.kill();
  await import_.ended;
  const there = read(file, 'SELECT count(*) FROM student');
  const done = await runCommand(`sqlite:${file}`, ['import:flask', flask]);
  const after = Number(/continued after row (\d+)/.exec(done.stdout)?.[1]);
  console.log(
    `killed with ${there} students in; continued after row ${after}: ${there - after} rows read again`,
  );
  tell('the rest', done);
  console.log(`  ${compared(file)}`);
}

/** Quiet slices before and after, and slices while an import runs into the same file. */
async function besideServer(file) {
  await fill(`sqlite:${file}`);
  const server = await startServer(`sqlite:${file}`);
  const slice = () => load(server, getOne, SLICE_S, CONNECTIONS);
  await slice();
  const quiet = [await slice(), await slice()];
  const import_ = startCommand(`sqlite:${file}`, ['import:flask', flask]);
  while (reached(file) < 1) await delay(20);
  const during = [];
  while (import_.running() && during.length < MOST_SLICES) during.push(await slice());
  // What ended within its slice did not run during all of it.
  if (!import_.running()) during.pop();
  import_.kill();
  await import_.ended;
  quiet.push(await slice(), await slice());
  await server.stop();
  for (const [when, slices] of [
    ['quiet', quiet],
    ['during the import', during],
  ]) {
    const [p50, p99] = ['p50', 'p99'].map((name) => spread(slices.map((one) => one[name])));
    const errors = slices.reduce((sum, one) => sum + one.errors, 0);
    console.log(
      `GET one, ${when}: p50 ${milliseconds(p50.median)}, p99 ${milliseconds(p99.median)} (${milliseconds(p99.min)}–${milliseconds(p99.max)} in ${slices.length} slices), ${errors} errors`,
    );
  }
}

async function onPostgres(students) {
  const postgres = await startPostgres();
  if (!postgres) return;
  try {
    const file = join(folder, 'fifth.db');
    await makeFlaskFile(students, file);
    tell('into Postgres', await runCommand(postgres.url, ['import:flask', file]));
    const client = new pg.Client(postgres.url);
    await client.connect();
    const { rows } = await client.query({ text: CARRIED, rowMode: 'array' });
    await client.end();
    console.log(
      `  ${rows.length} students, ${digest(rows) === digestOf(file) ? 'identical' : 'NOT identical'}`,
    );
  } finally {
    await postgres.stop();
  }
}

function tell(what, { stdout, seconds, peakMb, transactions }) {
  const sorted = transactions.sort((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)];
  console.log(`${what}: ${stdout.trim().split('\n').at(-1)}`);
  console.log(
    `  ${seconds.toFixed(1)} s with the start, ${Math.round(peakMb)} MB at its peak; ${sorted.length} transactions: median ${milliseconds(spread(sorted).median)}, p99 ${milliseconds(p99)}, longest ${milliseconds(sorted.at(-1))}`,
  );
}

function reached(file) {
  try {
    return read(file, 'SELECT position FROM import_run') ?? 0;
  } catch {
    return 0; // no file or no table yet
  }
}

function read(file, sql) {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    return connection.prepare(sql).pluck().get();
  } finally {
    connection.close();
  }
}

function compared(file) {
  const keys = read(file, 'SELECT count(*) FROM login_key');
  const students = read(file, 'SELECT count(*) FROM student');
  const same = digestOf(file) === digestOf(flask) ? 'identical' : 'NOT identical';
  return `${students} students, ${keys} login keys; public_id, name, email, hash and role by SHA-256: ${same}`;
}

function digestOf(file) {
  const connection = new Sqlite(file, { readonly: true });
  try {
    return digest(connection.prepare(CARRIED).raw().iterate());
  } finally {
    connection.close();
  }
}

function digest(rows) {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(JSON.stringify(row));
  return hash.digest('hex');
}
