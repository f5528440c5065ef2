/*
 * node --import this file: when the process ends, writes how long its transactions took, from BEGIN to after COMMIT, in
 * milliseconds, to the file that TRANSACTIONS_TO names.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { BetterSqlite3QueryRunner } = require('typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js');
const { PostgresQueryRunner } = require('typeorm/driver/postgres/PostgresQueryRunner.js');

const begun = new WeakMap();
const durations = [];

for (const { prototype } of [BetterSqlite3QueryRunner, PostgresQueryRunner]) {
  const { query } = prototype;
  prototype.query = async function (sql, ...further) {
    if (/^(?:BEGIN|START TRANSACTION)/.test(sql)) begun.set(this, performance.now());
    const result = await query.call(this, sql, ...further);
    if (sql === 'COMMIT') durations.push(performance.now() - begun.get(this));
    return result;
  };
}

process.once('exit', () => writeFileSync(process.env.TRANSACTIONS_TO, JSON.stringify(durations)));
