const HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$ZeCtDei4IH2U8sPwW0cj7w$KPumYvp8WOa0yQ9HZ3ssC+wYbKd2fFZrftBjr6CiUyE';
/** What a browser sends. */
export const AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
/** An hour ago, and from there a millisecond a row: what has expired, the server would tidy up meanwhile. */
const NOW = Date.now() - 3_600_000;

/**
 * A row of each table for each of `rows` students (two login keys), with values as long as usual ones: random where the
 * program's are.
 */
export function fillStatements(kind, rows) {
  const { numbers, uuid, hash, n } = DIALECTS[kind];
  const insert = (table, columns, values) => ({
    table,
    sql: `INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${numbers(rows)}`,
  });
  const name = `'student ' || ${n}`;
  const email = `'student.' || ${n} || '@school.example'`;
  const keyOf = (key) => insert('login_key', 'key, student_id, role', `${key}, ${n}, 'user'`).sql;
  return [
    insert(
      'student',
      'id, public_id, name, email, password, role, created_at',
      `${n}, ${uuid}, ${name}, ${email}, '${HASH}', 'user', ${NOW} + ${n}`,
    ),
    {
      table: 'login_key',
      sql: `${keyOf(name)}; ${keyOf(email)}`,
    },
    insert(
      'known_address',
      'student_id, address, last_login_at',
      `${n}, '203.0.113.' || (${n} % 256), ${NOW} + ${n}`,
    ),
    insert(
      'session',
      'id, student_id, created_at, last_used_at, expires_at, user_agent, ip',
      `${uuid}, ${n}, ${NOW} + ${n}, ${NOW} + ${n}, ${NOW} + ${n} + 2592000000, '${AGENT}', '203.0.113.' || (${n} % 256)`,
    ),
    {
      table: 'refresh_token',
      sql: `INSERT INTO refresh_token (hash, session_id, spent_at) SELECT ${hash}, id, NULL FROM session`,
    },
    insert(
      'audit_event',
      'at, action, actor, student, ip, user_agent, request_id',
      `${NOW} + ${n}, 'login', ${uuid}, ${uuid}, '203.0.113.' || (${n} % 256), '${AGENT}', ${uuid}`,
    ),
  ];
}

const DIALECTS = {
  sqlite: {
    n: 'value',
    numbers: (rows) =>
      `(WITH RECURSIVE r(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM r WHERE value < ${rows}) SELECT value FROM r)`,
    uuid: 'lower(hex(randomblob(18)))',
    hash: 'substr(lower(hex(randomblob(22))), 1, 43)',
  },
  postgres: {
    n: 'n',
    numbers: (rows) => `generate_series(1, ${rows}) AS n`,
    uuid: 'gen_random_uuid()::text',
    hash: "substr(encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 1, 43)",
  },
};
