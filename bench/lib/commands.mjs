import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { memoryMb } from './proc.mjs';
import { SECRET } from './server.mjs';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
const GENERATOR = fileURLToPath(new URL('../make-flask-file.mjs', import.meta.url));
const WATCH = new URL('./watch-transactions.mjs', import.meta.url).href;
const LOOK_EVERY_MS = 50;

/** Makes the original app's file with so many students. */
export async function makeFlaskFile(students, file) {
  const child = spawn(process.execPath, [GENERATOR, String(students), file], { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${GENERATOR} ended with ${code}`);
}

/**
 * Starts a command of ours as in production. `ended` resolves to what it said, how long it took with its start, its peak
 * memory and its transactions; it rejects where the command fails, but not where a signal ends it.
 */
export function startCommand(databaseUrl, parameters) {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-bench-command-'));
  const transactions = join(folder, 'transactions.json');
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', WATCH, CLI, ...parameters], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      JWT_SECRET: SECRET,
      DATABASE_URL: databaseUrl,
      TRANSACTIONS_TO: transactions,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  let peakMb = NaN;
  // The last look before the end counts: a peak only grows.
  const watch = setInterval(() => (peakMb = memoryMb(child.pid).peak || peakMb), LOOK_EVERY_MS);
  const ended = new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      clearInterval(watch);
      if (code !== 0 && signal === null) reject(new Error(`${parameters.join(' ')} ended with ${code}`));
      else {
        const durations = signal === null ? JSON.parse(readFileSync(transactions, 'utf8')) : [];
        resolve({ stdout, seconds: (performance.now() - startedAt) / 1000, peakMb, transactions: durations });
      }
      rmSync(folder, { recursive: true });
    });
  });
  return { ended, kill: () => child.kill('SIGKILL'), running: () => child.exitCode === null };
}

export async function runCommand(databaseUrl, parameters) {
  return await startCommand(databaseUrl, parameters).ended;
}
