/**
 * Our statements write parameters as `$1, $2, …`, each once and in order, which both databases can be given:
 * Postgres as they stand, SQLite with a `?` for each.
 */
export function sqliteParameters(sql: string): string {
  let expected = 0;
  return sql.replace(/\$(\d+)/g, (_whole, digits: string) => {
    expected += 1;
    if (Number(digits) !== expected) throw new Error(`Parameters must be used once and in order: ${sql}`);
    return '?';
  });
}
