import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';
import { ROOT } from '../support/server-process.js';

const MODULE = pathToFileURL(join(ROOT, 'dist', 'src', 'config', 'development-secret.js')).href;
const PROCESSES = 8;

describe('the development secret', () => {
  it('is one and the same for processes that need it for the first time at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
    const file = join(folder, 'data', 'jwt-secret');
    const script = `const { developmentSecret } = await import(${JSON.stringify(MODULE)});
      await new Promise((go) => process.stdin.once('data', go));
      console.log(developmentSecret(${JSON.stringify(file)}));
      process.stdin.destroy();`;
    const started = Array.from({ length: PROCESSES }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const told = started.map(({ stdout }) => text(stdout));
    for (const { stdin } of started) stdin.write('go\n');
    const secrets = new Set(await Promise.all(told));
    expect([...secrets]).toEqual([readFileSync(file, 'utf8')]);
    expect(readdirSync(join(folder, 'data'))).toEqual(['jwt-secret']);
    rmSync(folder, { recursive: true, force: true });
  });
});
