/*
 * node deploy/check-image-steps.mjs: what `docker build` and `docker run` would do, where there is no engine. Carries out
 * the steps of deploy/Dockerfile in a temporary folder, npm's included, and starts the result. Takes some minutes.
 */
import { execSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOutImageSteps } from './lib/image-steps.mjs';
import { walkImage } from './lib/walk-image.mjs';

const EXPECTED = { healthy: true, walked: true, backup: 0, stopped: 0, healthAfterwards: 1 };

const folder = mkdtempSync(join(tmpdir(), 'student-auth-image-'));
chmodSync(folder, 0o755); // the image's user has to get in
try {
  const stage = carryOutImageSteps({
    project: join(import.meta.dirname, '..'),
    folder,
    run: (command, { cwd, env }) => {
      console.log(`RUN ${command}`);
      // What npm needs on this machine to reach its registry may be in the environment.
      execSync(command, { cwd, env: { ...process.env, NODE_ENV: '', ...env }, stdio: 'inherit' });
    },
  });
  const seen = await walkImage(stage);
  console.log(seen);
  const wrong = Object.entries(EXPECTED).filter(([what, result]) => seen[what] !== result);
  for (const [what, result] of wrong) console.error(`${what}: ${seen[what]} instead of ${result}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
