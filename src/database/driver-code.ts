/**
 * The database driver's own code of an error (`SQLITE_BUSY`, `23505`, `ECONNREFUSED`), whether it comes wrapped in
 * TypeORM's QueryFailedError or as it is; undefined for anything else.
 */
export function driverCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { driverError, code } = error as { driverError?: unknown; code?: unknown };
  if (driverError !== undefined && driverError !== error) return driverCode(driverError) ?? ownCode(code);
  return ownCode(code);
}

function ownCode(code: unknown): string | undefined {
  return typeof code === 'string' ? code : undefined;
}
