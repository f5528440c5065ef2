import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inherited, ROOT } from './server-process.js';

export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  /** The environment beside what any process needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** The project to run in: the checkout, or a copy of it. */
  readonly root?: string;
}

/** Runs a script of the project with Node until it ends by itself. */
export async function runToEnd(
  script: readonly string[],
  { env = {}, root = ROOT }: Run = {},
): Promise<Ended> {
  const [file = '', ...parameters] = script;
  const started = spawn(process.execPath, [join(root, file), ...parameters], {
    cwd: root,
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const killWithUs = (): void => void started.kill('SIGKILL');
  process.once('exit', killWithUs);
  const code = await new Promise<number | null>((resolve) => started.once('close', resolve));
  process.removeListener('exit', killWithUs);
  return { code, stdout, stderr };
}
