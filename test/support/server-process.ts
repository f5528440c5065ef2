import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_SECRET } from './test-settings.js';

export const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'src', 'main.js');
const START_TIMEOUT_MS = 30_000;

/** What a process needs of ours to run at all; the settings of whoever runs the tests stay out. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'];

export interface ServerProcess {
  /** `http://127.0.0.1:PORT`, as the server tells it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Standard output and standard error so far. */
  output(): string;
  /**
   * Ends the process, unless it has ended, and removes its database if that was its own.
   * @returns its exit code; null if a signal ended it
   */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts the built server (`dist/`) as a process of its own, with the development profile, on a free port and a new
 * SQLite file, and waits until it listens. It is told its secret, so it never touches `data/`.
 *
 * @param env further variables; `DATABASE_URL` here is the caller's to remove. `LOG_LEVEL` above `info` would hide the
 * line that is waited for.
 * @throws Error with the output of a server that ends or does not listen in time
 */
export async function startServer(env: Record<string, string> = {}): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  const started = spawn(process.execPath, [MAIN], {
    cwd: ROOT,
    env: {
      ...inherited(),
      PORT: '0',
      JWT_SECRET: TEST_SECRET,
      DATABASE_URL: `sqlite:${join(folder, 'students.db')}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => void started.kill('SIGKILL');
  process.once('exit', killWithUs);
  const ended = new Promise<number | null>((resolve) => {
    started.once('close', (code) => {
      process.removeListener('exit', killWithUs);
      rmSync(folder, { recursive: true, force: true });
      resolve(code);
    });
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (what: string) => (): void => {
      clearTimeout(timer);
      started.kill('SIGKILL');
      reject(new Error(`the server ${what}:\n${output}`));
    };
    const timer = setTimeout(fail('did not listen in time'), START_TIMEOUT_MS);
    void ended.then(fail('ended before it listened'));
    const read = (text: string): void => {
      output += text;
      const listening = /listening at (http:\/\/[^\s"]*:\d+)/i.exec(output);
      if (!listening) return;
      clearTimeout(timer);
      resolve(listening[1] ?? '');
    };
    started.stdout.setEncoding('utf8').on('data', read);
    started.stderr.setEncoding('utf8').on('data', read);
  });
  return {
    url,
    port: Number(new URL(url).port),
    pid: started.pid ?? 0,
    process: started,
    output: () => output,
    stop: async (signal = 'SIGTERM') => {
      started.kill(signal);
      return await ended;
    },
  };
}

/** Of the environment of whoever runs the tests, what any process needs. */
export function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
