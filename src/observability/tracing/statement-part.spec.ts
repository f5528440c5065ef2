import { statementPart } from './statement-part.js';

const shown = (sql: string): unknown => {
  const { name, attributes } = statementPart('sqlite', { sql, ms: 1 });
  return [name, attributes?.['db.query.text']];
};

describe('the span of a statement', () => {
  it.each([
    ['SELECT a FROM student st\n  WHERE id = $1', 'SELECT student', 'SELECT a FROM student st WHERE id = $1'],
    ['UPDATE "session" SET "at" = ?', 'UPDATE session', 'UPDATE "session" SET "at" = ?'],
    ['delete from x1 where n = 12.5', 'DELETE x1', 'delete from x1 where n = ?'],
    [`INSERT INTO t VALUES ('it''s', 7, x7, $10)`, 'INSERT t', 'INSERT INTO t VALUES (?, ?, x7, $10)'],
    ['WITH c AS (SELECT 1) SELECT * FROM c', 'WITH c', 'WITH c AS (SELECT ?) SELECT * FROM c'],
    ['BEGIN IMMEDIATE', 'BEGIN', 'BEGIN IMMEDIATE'],
    ['', 'STATEMENT', ''],
  ])('of %j is called %j and holds no value', (sql, name, text) => {
    expect(shown(sql)).toEqual([name, text]);
  });

  it('tells of an error its code alone', () => {
    const failed = (error: unknown) => statementPart('sqlite', { sql: 'COMMIT', ms: 1, error }).errorType;
    expect(failed(Object.assign(new Error('canary'), { code: 'SQLITE_BUSY' }))).toBe('SQLITE_BUSY');
    expect(failed(new Error('canary'))).toBe('error');
    expect(failed(undefined)).toBeUndefined();
  });
});
