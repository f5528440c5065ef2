import { driverCode } from './driver-code.js';

const UNIQUE_VIOLATIONS: ReadonlySet<string> = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  '23505', // unique_violation, https://www.postgresql.org/docs/current/errcodes-appendix.html
]);

export function isUniqueViolation(error: unknown): boolean {
  const code = driverCode(error);
  return code !== undefined && UNIQUE_VIOLATIONS.has(code);
}
