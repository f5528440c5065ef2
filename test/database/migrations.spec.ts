import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { MigrationExecutor } from 'typeorm';
import { PortableDataSource } from '../../src/database/portable-data-source.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { openDatabase } from '../../src/database/open-database.js';
import { entities } from '../../src/entities.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let test: TestDatabase;
beforeEach(async () => (test = await createTestDatabase()));
afterEach(() => test.drop());

const names = (): string[] => {
  const { migrations } = dataSourceOptions(test.settings, entities);
  return (migrations as (new () => object)[]).map(({ name }) => name);
};

/** Takes back a migration and those after it. */
async function undoFrom(dataSource: PortableDataSource, name: string): Promise<void> {
  for (const _each of names().slice(names().indexOf(name)))
    await new MigrationExecutor(dataSource).undoLastMigration();
}

describe('the migrations', () => {
  it('make an empty database into what the entities say, with no drift', async () => {
    const { database, migrated } = await openDatabase(test.settings, entities);
    expect(migrated).toEqual(names());
    const { upQueries } = await database.reader.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    await database.close();
  });

  it('are harmless a second time', async () => {
    await (await openDatabase(test.settings, entities)).database.close();
    const { database, migrated } = await openDatabase(test.settings, entities);
    expect(migrated).toEqual([]);
    await database.close();
  });

  it('run once when several open an empty database at once', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase(test.settings, entities)));
    expect(opened.flatMap(({ migrated }) => migrated)).toEqual(names());
    await Promise.all(opened.map(({ database }) => database.close()));
  });

  it('can be taken back, one by one', async () => {
    await (await openDatabase(test.settings, entities)).database.close();
    const dataSource = new PortableDataSource(dataSourceOptions(test.settings, entities));
    await dataSource.initialize();
    for (const _each of names()) await new MigrationExecutor(dataSource).undoLastMigration();
    expect(await new MigrationExecutor(dataSource).getExecutedMigrations()).toEqual([]);
    await dataSource.destroy();
  });

  it('give the login keys of a database that has some their roles, and let them go with their students', async () => {
    await (await openDatabase(test.settings, entities)).database.close();
    const before = new PortableDataSource(dataSourceOptions(test.settings, entities));
    await before.initialize();
    await undoFrom(before, 'RoleOfKey1764000004000');
    for (const [id, role] of [
      [1, 'user'],
      [2, 'admin'],
    ] as const) {
      await before.query(
        `INSERT INTO student (id, public_id, name, email, password, role, created_at)
         VALUES (${id}, 'id ${id}', 'name ${id}', 'email ${id}', '', '${role}', 0)`,
      );
      await before.query(
        `INSERT INTO login_key (key, student_id) VALUES ('name ${id}', ${id}), ('email ${id}', ${id})`,
      );
    }
    await before.destroy();
    const { database } = await openDatabase(test.settings, entities);
    const keys = () => database.query('SELECT key, student_id, role FROM login_key ORDER BY key');
    const key = (what: string, id: number, role: string) => ({ key: `${what} ${id}`, student_id: id, role });
    expect(await keys()).toEqual([
      key('email', 1, 'user'),
      key('email', 2, 'admin'),
      key('name', 1, 'user'),
      key('name', 2, 'admin'),
    ]);
    await database.write((manager) => manager.query('DELETE FROM student WHERE id = 2'));
    expect(await keys()).toEqual([key('email', 1, 'user'), key('name', 1, 'user')]);
    await database.close();
  });

  it('of a newer build stop the start', async () => {
    const { database } = await openDatabase(test.settings, entities);
    await database.write((manager) =>
      manager.query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`),
    );
    await database.close();
    await expect(openDatabase(test.settings, entities)).rejects.toThrow(
      /newer student-auth \(it holds Later9999999999999\)/,
    );
  });
});

describe('a SQLite file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'student-auth-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (file: string) => openDatabase({ kind: 'sqlite', file }, entities);

  it('of another program is refused and left as it is', async () => {
    const file = join(folder, 'test.db');
    const other = new Sqlite(file);
    other.exec('CREATE TABLE student (id INTEGER PRIMARY KEY, public_id VARCHAR(50), name VARCHAR(50))');
    other.close();
    const before = readFileSync(file);
    await expect(open(file)).rejects.toThrow(
      /^The database .* was not made by student-auth; it was left untouched\./,
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('that is none is refused and left as it is', async () => {
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'not a database, and longer than a header of one hundred bytes. '.repeat(4));
    const before = readFileSync(file);
    await expect(open(file)).rejects.toThrow(/is not a SQLite database; it was left untouched\./);
    expect(readFileSync(file)).toEqual(before);
  });

  it('that is made is its owner’s alone, with the files beside it; one that is there keeps its mode', async () => {
    const given = join(folder, 'given.db');
    writeFileSync(given, '');
    chmodSync(given, 0o640);
    const modes = new Map<string, number>();
    for (const file of [join(folder, 'made.db'), given]) {
      const { database } = await open(file);
      for (const each of [file, `${file}-wal`, `${file}-shm`])
        modes.set(basename(each), statSync(each).mode & 0o777);
      await database.close();
    }
    const files = (name: string, mode: number) => ['', '-wal', '-shm'].map((end) => [name + end, mode]);
    if (process.platform !== 'win32')
      expect([...modes]).toEqual([...files('made.db', 0o600), ...files('given.db', 0o640)]);
  });

  it('that is empty, or not there yet, becomes one of ours, safe against a power loss', async () => {
    const empty = join(folder, 'empty.db');
    writeFileSync(empty, '');
    for (const file of [empty, join(folder, 'new', 'students.db')]) {
      const { database } = await open(file);
      const pragma = async (name: string) =>
        Object.values((await database.reader.query<object[]>(`PRAGMA ${name}`))[0] ?? {})[0] as unknown;
      expect(await pragma('journal_mode')).toBe('wal');
      expect(await pragma('synchronous')).toBe(2);
      expect(await pragma('foreign_keys')).toBe(1);
      await database.close();
    }
  });
});
