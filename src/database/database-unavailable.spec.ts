import { isDatabaseUnavailable } from './database-unavailable.js';

const withCode = (code: string): Error => Object.assign(new Error('text'), { code });

describe('isDatabaseUnavailable', () => {
  it.each([
    'SQLITE_BUSY',
    'SQLITE_BUSY_SNAPSHOT',
    'SQLITE_LOCKED',
    'SQLITE_LOCKED_SHAREDCACHE',
    'SQLITE_FULL',
    'SQLITE_READONLY',
    'SQLITE_READONLY_DBMOVED',
    'SQLITE_IOERR_FSYNC',
    'SQLITE_CANTOPEN',
    '08006',
    '53300',
    '53100',
    '57P01',
    '57P03',
    '55P03',
    '57014',
    '25006',
    '40001',
    '40P01',
    'ECONNREFUSED',
    'ECONNRESET',
  ])('%s: try again later', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true);
  });

  it.each([
    'SQLITE_CONSTRAINT_UNIQUE',
    'SQLITE_ERROR',
    'SQLITE_CORRUPT',
    'SQLITE_BUSYX',
    '23505',
    '42P01',
    '22P02',
    'ENOENT',
  ])('%s: trying again is no use', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(false);
  });

  it('looks into wrappers, causes and the attempts of one connection', () => {
    const inner = withCode('ECONNREFUSED');
    expect(isDatabaseUnavailable(Object.assign(new Error('wrapped'), { driverError: inner }))).toBe(true);
    expect(isDatabaseUnavailable(new Error('wrapped', { cause: new Error('again', { cause: inner }) }))).toBe(
      true,
    );
    expect(isDatabaseUnavailable(new AggregateError([new Error('x'), inner]))).toBe(true);
  });

  it('knows what drivers say without a code', () => {
    expect(isDatabaseUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDatabaseUnavailable(new Error('timeout exceeded when trying to connect'))).toBe(true);
    expect(isDatabaseUnavailable(new TypeError('The database connection is not open'))).toBe(true);
    expect(isDatabaseUnavailable(new Error('something else'))).toBe(false);
  });

  it('is not caught in a circle, and takes anything', () => {
    const circle = new Error('a');
    circle.cause = circle;
    for (const thrown of [circle, undefined, null, 'SQLITE_BUSY', { code: 'SQLITE_BUSY' }]) {
      expect(isDatabaseUnavailable(thrown)).toBe(false);
    }
  });
});
