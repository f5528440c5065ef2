import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that holds package.json: relative paths of settings count from it, not from the working directory.
 * The same answer from `src/` (tests) and from `dist/src/` (the built program).
 */
export function findProjectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('No package.json above the program: the installation is incomplete.');
    folder = parent;
  }
  return folder;
}
