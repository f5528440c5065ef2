import { runInNewContext } from 'node:vm';
import { isError } from './is-error.js';

describe('isError', () => {
  it.each([
    ['an error', new Error('x')],
    ['an error of a class', new (class Odd extends TypeError {})('x')],
    ['an error of another realm', runInNewContext('new RangeError("x")')],
    ['what inherits from Error', Object.create(Error.prototype)],
    ['what inherits from the Error of another realm', runInNewContext('Object.create(Error.prototype)')],
  ])('takes %s', (_what, thrown: unknown) => expect(isError(thrown)).toBe(true));

  it.each([
    undefined,
    null,
    'Error',
    Object.create(null),
    { message: 'x', stack: 'y' },
    () => new Error('x'),
  ])('takes no %p', (thrown) => expect(isError(thrown)).toBe(false));
});
