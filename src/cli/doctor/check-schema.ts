import { fail, type Finding, ok } from './finding.js';

const SUBJECT = 'schema';

/** @param executed the migrations that the database has seen, @param known those of this program */
export function checkSchema(executed: readonly string[], known: readonly string[]): Finding {
  const newer = executed.filter((name) => !known.includes(name));
  if (newer.length > 0) {
    return fail(SUBJECT, `made by a newer student-auth (it holds ${newer.join(', ')}): update this one.`);
  }
  const missing = known.filter((name) => !executed.includes(name));
  if (missing.length > 0) {
    return fail(
      SUBJECT,
      `not up to date (${missing.join(', ')}): run the command migrate, or start the server.`,
    );
  }
  return ok(SUBJECT, 'up to date.');
}
