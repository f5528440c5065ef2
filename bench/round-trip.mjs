/*
 * npm run bench -- round-trip [STUDENTS]: students with hashes from SQLite to Postgres and back, by the commands that the
 * README names, as CSV and as NDJSON. Prints times and the exports' digests; asserts nothing.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { makeFlaskFile, runCommand } from './lib/commands.mjs';
import { machine } from './lib/machine.mjs';
import { startPostgres } from './lib/postgres.mjs';

const STUDENTS = Number(process.argv[2] ?? 100_000);

const folder = mkdtempSync(join(tmpdir(), 'student-auth-bench-round-trip-'));
const postgres = await startPostgres();
try {
  console.log(`${machine(['round-trip', ...process.argv.slice(2)])}\n`);
  if (postgres) for (const format of ['csv', 'ndjson']) await roundTrip(format);
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true });
}

async function roundTrip(format) {
  const flask = join(folder, `${format}-flask.db`);
  await makeFlaskFile(STUDENTS, flask);
  const [first, second] = ['first', 'second'].map((name) => `sqlite:${join(folder, `${format}-${name}.db`)}`);
  await runCommand(first, ['import:flask', flask]);
  const files = ['first', 'between', 'second'].map((name) => join(folder, `${name}.${format}`));
  const between = await newDatabase(`round_trip_${format}`);
  await step(`${format}: out of SQLite`, first, exportTo(files[0], format));
  await step(`${format}: into Postgres`, between, ['import:csv', files[0]]);
  await step(`${format}: out of Postgres`, between, exportTo(files[1], format));
  await step(`${format}: into SQLite`, second, ['import:csv', files[1]]);
  await step(`${format}: out of SQLite`, second, exportTo(files[2], format));
  const digests = await Promise.all(files.map(sha256));
  for (const digest of digests) console.log(`  sha256 ${digest}`);
  console.log(`  ${new Set(digests).size === 1 ? 'identical' : 'NOT identical'}`);
}

function exportTo(file, format) {
  return ['export', '--with-hashes', '--format', format, file];
}

async function step(what, databaseUrl, parameters) {
  const { seconds, peakMb, stdout } = await runCommand(databaseUrl, parameters);
  const said = stdout.trim().split('\n').at(-1);
  console.log(
    `${what.padEnd(25)} ${seconds.toFixed(1).padStart(5)} s, ${Math.round(peakMb)} MB at its peak${said ? `: ${said}` : ''}`,
  );
}

async function newDatabase(name) {
  const client = new pg.Client(postgres.url);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return url.href;
}

async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
