import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';
import bcrypt from 'bcrypt';
import Sqlite from 'better-sqlite3';
import { startBaseline } from './server.mjs';
import { nameOf, PASSWORD, publicId, STUDENTS } from './students.mjs';

const SOURCE = fileURLToPath(new URL('../baselines/tutorial.ts', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/bench/', import.meta.url));
const ROUNDS = 10;

/** Compiles the tutorial's server, lets it make its schema, and fills that with the same students. */
export async function prepareTutorial(folder) {
  mkdirSync(BUILT, { recursive: true });
  const file = join(BUILT, 'tutorial.js');
  writeFileSync(file, transformFileSync(SOURCE).code);
  const database = join(folder, 'tutorial.db');
  const start = () => startBaseline('tutorial', file, { DATABASE_FILE: database });
  await (await start()).stop();
  fill(database, bcrypt.hashSync(PASSWORD, ROUNDS));
  return start;
}

function fill(file, hash) {
  const database = new Sqlite(file);
  const sql = 'INSERT INTO user (public_id, name, email, password) VALUES (?, ?, ?, ?)';
  const insert = database.prepare(sql);
  database.transaction(() => {
    for (let n = 1; n <= STUDENTS; n += 1)
      insert.run(publicId(n), nameOf(n), `${nameOf(n)}@example.org`, hash);
  })();
  database.close();
}
