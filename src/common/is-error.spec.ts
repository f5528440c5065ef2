import { runInNewContext } from 'node:vm';
import { isError } from './is-error.js';

describe('isError', () => {
  it.each([
    ['an error', new TypeError('text')],
    ['one of another realm', runInNewContext('new Error("text")')],
    [
      'one that inherits from the Error of another realm, as better-sqlite3 makes them',
      runInNewContext(
        `const made = Object.create(Error.prototype); made.message = 'text'; Error.captureStackTrace(made); made`,
      ),
    ],
  ])('%s is one', (_name, thrown) => {
    expect(isError(thrown)).toBe(true);
  });

  it('nothing else is', () => {
    const described = { type: 'Error', message: 'text', stack: '    at somewhere' };
    for (const thrown of [
      undefined,
      null,
      'text',
      1,
      {},
      Object.create(null),
      { code: 'SQLITE_BUSY' },
      described,
    ])
      expect(isError(thrown)).toBe(false);
  });
});
