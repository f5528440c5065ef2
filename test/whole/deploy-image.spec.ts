import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOutImageSteps } from '../../deploy/lib/image-steps.mjs';
import { linkTree } from '../../deploy/lib/link-tree.mjs';
import { walkImage } from '../../deploy/lib/walk-image.mjs';
import { ROOT } from '../support/server-process.js';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
}

/** What `npm ci` and `npm prune --omit=dev` leave, taken from the checkout's own installation. */
function copyProductionModules(folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  for (const [path, { dev, optional }] of Object.entries(packages)) {
    const source = join(ROOT, path);
    if (path === '' || dev || (optional && !existsSync(source))) continue;
    linkTree(source, join(folder, path), (name) => name !== 'node_modules');
  }
}

/** The Dockerfile's own commands, but for what takes minutes; deploy/check-image-steps.mjs does that too. */
function run(command: string, { cwd }: { cwd: string }): void {
  switch (command) {
    case 'npm ci --no-audit --no-fund':
      return;
    case 'npm run build && npm prune --omit=dev --no-audit --no-fund':
      linkTree(join(ROOT, 'dist'), join(cwd, 'dist'));
      copyProductionModules(cwd);
      return;
    case 'mkdir data':
      mkdirSync(join(cwd, 'data'));
      return;
    default:
      throw new Error(`${command} is not known here`);
  }
}

describe('the image', () => {
  it('serves, is healthy, makes a backup and stops, with production dependencies alone, as its user', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'student-auth-image-'));
    chmodSync(folder, 0o755);
    try {
      const stage = carryOutImageSteps({ project: ROOT, folder, run });
      expect(await walkImage(stage)).toEqual({
        healthy: true,
        walked: true,
        backup: 0,
        stopped: 0,
        healthAfterwards: 1,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});
