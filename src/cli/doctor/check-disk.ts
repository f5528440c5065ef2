import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSettings } from '../../config/settings.js';
import { fail, type Finding, ok } from './finding.js';

const SUBJECT = 'free disk';
const GIB = 2 ** 30;

/** Room for the file to grow, and for a second copy of it: a backup, or what SQLite writes when it compacts it. */
export function checkDisk(settings: DatabaseSettings): Finding {
  if (settings.kind === 'postgres') return ok(SUBJECT, 'a Postgres server has its own; look there.');
  try {
    const { bavail, bsize } = statfsSync(dirname(settings.file));
    return diskFinding(bavail * bsize, sizeOf(settings.file) + sizeOf(`${settings.file}-wal`));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fail(SUBJECT, `the folder of the database cannot be looked at (${code}).`);
  }
}

/** @param free, @param file bytes */
export function diskFinding(free: number, file: number): Finding {
  const needed = Math.max(GIB, 2 * file);
  const text = `${gib(free)} GiB, of which ${gib(needed)} GiB are needed (1 GiB, and twice the file).`;
  return free < needed ? fail(SUBJECT, text) : ok(SUBJECT, text);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}
