// Keeps openapi.json: what the built program (dist/) serves at /docs-json. With --check it only compares.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';

const root = join(import.meta.dirname, '..');
const file = join(root, 'openapi.json');
const load = async (path) => await import(new URL(`../dist/src/${path}`, import.meta.url).href);

/** The document as the whole application answers with it, on an empty database of its own. */
async function served() {
  const { parseSettings } = await load('config/parse-settings.js');
  const { createLogger } = await load('observability/logging/logger.js');
  const { createApplication } = await load('app.setup.js');
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-openapi-'));
  try {
    const settings = parseSettings(
      {
        JWT_SECRET: randomBytes(32).toString('base64url'),
        DATABASE_URL: `sqlite:${join(folder, 'students.db')}`,
        LOG_LEVEL: 'silent',
      },
      root,
    );
    const app = await createApplication(settings, createLogger(settings));
    const answer = await app.inject({ url: '/docs-json', headers: { host: 'localhost' } });
    await app.close();
    if (answer.statusCode !== 200) throw new Error(`/docs-json answers ${answer.statusCode}: ${answer.body}`);
    return `${JSON.stringify(answer.json(), null, 2)}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lint() {
  const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  return spawnSync(process.execPath, [cli, 'lint', file], { cwd: root, env, stdio: 'inherit' }).status === 0;
}

function kept() {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

const current = await served();
if (!process.argv.includes('--check')) {
  writeFileSync(file, current);
} else if (kept() !== current) {
  console.error('openapi.json is not what the program serves: run `npm run openapi` and commit the file.');
  process.exit(1);
}
process.exit(lint() ? 0 : 1);
