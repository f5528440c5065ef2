/*
 * npm run bench -- flood [SECONDS]: the 2,000 connections of bench/lib/overload.mjs alone, on a database of its own.
 * Prints, and asserts nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from './lib/machine.mjs';
import { overload } from './lib/overload.mjs';
import { startServer } from './lib/server.mjs';
import { fill } from './lib/students.mjs';

const seconds = Number(process.argv[2] ?? 30);
const folder = mkdtempSync(join(tmpdir(), 'student-auth-flood-'));
const databaseUrl = `sqlite:${join(folder, 'students.db')}`;
await fill(databaseUrl);
console.log(`${machine(['flood', ...process.argv.slice(2)])}\n`);
console.log(await overload(() => startServer(databaseUrl), seconds));
rmSync(folder, { recursive: true, force: true });
