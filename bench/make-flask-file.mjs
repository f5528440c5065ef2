// Makes a SQLite file as the original Flask app writes it, with as many students as asked for: the same file for the
// same number, always. Student i is `student<i>`, `student<i>@example.org`, with the password `password-<i>`.
//
//   node bench/make-flask-file.mjs 1000000 /tmp/flask.db
import { createHash, createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

const ROWS_A_TRANSACTION = 10_000;
/** As SQLAlchemy writes it for the original's model. */
const TABLE = `CREATE TABLE student (
	id INTEGER NOT NULL, 
	public_id VARCHAR(50), 
	name VARCHAR(50), 
	email VARCHAR(50), 
	password VARCHAR(200), 
	role VARCHAR(20), 
	PRIMARY KEY (id), 
	UNIQUE (public_id)
)`;

const [count, file] = [Number(process.argv[2]), process.argv[3]];
if (!Number.isSafeInteger(count) || count < 0 || file === undefined || existsSync(file)) {
  console.error('usage: node bench/make-flask-file.mjs NUMBER FILE (FILE must not exist yet)');
  process.exit(1);
}

const database = new Sqlite(file);
// Nobody minds if this file is lost with the power.
database.pragma('journal_mode = OFF');
database.pragma('synchronous = OFF');
database.exec(TABLE);
const insert = database.prepare('INSERT INTO student VALUES (?, ?, ?, ?, ?, ?)');
const insertRange = database.transaction((first, last) => {
  for (let i = first; i <= last; i += 1) {
    insert.run(
      i,
      publicId(i),
      `student${i}`,
      `student${i}@example.org`,
      werkzeugHash(i),
      i % 1000 ? 'user' : 'admin',
    );
  }
});
for (let first = 1; first <= count; first += ROWS_A_TRANSACTION) {
  insertRange(first, Math.min(count, first + ROWS_A_TRANSACTION - 1));
}
database.close();

/** A random UUID in form (version 4), the same for the same number. */
function publicId(i) {
  const hex = createHash('sha256').update(`public_id ${i}`).digest('hex');
  const variant = '89ab'[parseInt(hex[16], 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** Werkzeug's `sha256$SALT$HEX`: HMAC-SHA256 of the password under the salt. */
function werkzeugHash(i) {
  const salt = createHash('sha256')
    .update(`salt ${i}`)
    .digest('base64url')
    .replace(/[-_]/g, 'x')
    .slice(0, 16);
  return `sha256$${salt}$${createHmac('sha256', salt).update(`password-${i}`).digest('hex')}`;
}
