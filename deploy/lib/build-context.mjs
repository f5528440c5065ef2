import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies what a build would be sent: the tracked files that the ignore file beside the Dockerfile lets through.
 * @param {string} root the project's
 * @param {string} ignoreFile its path from there
 * @param {string} folder where to
 */
export function copyBuildContext(root, ignoreFile, folder) {
  const lets = readIgnoreFile(readFileSync(join(root, ignoreFile), 'utf8'));
  for (const path of trackedFiles(root).filter(lets)) cpSync(join(root, path), join(folder, path));
}

/**
 * Also files that were not committed yet, as long as git does not ignore them.
 * @param {string} root
 */
function trackedFiles(root) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  return listed
    .toString()
    .split('\0')
    .filter((path) => path !== '');
}

/**
 * Whether a path reaches the build. Of the patterns there are, `*` and plain paths are understood; the last that matches
 * decides.
 * @param {string} file the ignore file's text
 * @returns {(path: string) => boolean}
 */
export function readIgnoreFile(file) {
  const rules = file
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ lets: line.startsWith('!'), pattern: line.replace(/^!/, '') }));
  for (const { pattern } of rules) {
    if (pattern !== '*' && /[*?[\]]/.test(pattern))
      throw new Error(`a pattern that is not understood: ${pattern}`);
  }
  return (path) => {
    const last = rules.findLast(({ pattern }) => pattern === '*' || `${path}/`.startsWith(`${pattern}/`));
    return last?.lets ?? true;
  };
}
