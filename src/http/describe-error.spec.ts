import { describeError } from './describe-error.js';

class QueryFailed extends Error {
  readonly query = 'SELECT canary';
  readonly parameters = ['canary'];
  constructor(readonly driverError: Error) {
    super(driverError.message);
  }
}

describe('describeError', () => {
  it('tells type, message, code and frames', () => {
    const told = describeError(Object.assign(new RangeError('too far'), { code: 'E_FAR', secret: 'canary' }));
    expect(told).toMatchObject({ type: 'RangeError', message: 'too far', code: 'E_FAR' });
    expect(told.stack).toMatch(/^\s+at /);
    expect(Object.keys(told)).toEqual(['type', 'message', 'code', 'stack']);
  });

  it('keeps bind parameters out, also those that a driver quotes', () => {
    const driver = Object.assign(new Error('invalid input syntax for type uuid: "canary\nline"'), {
      code: '22P02',
      detail: 'Key (email)=(canary) already exists.',
      where: "unnamed portal parameter $1 = 'canary'",
    });
    const told = describeError(new QueryFailed(driver));
    expect(told).toMatchObject({
      type: 'QueryFailed',
      code: '22P02',
      message: 'invalid input syntax for type uuid: "…"',
      cause: { type: 'Error', message: 'invalid input syntax for type uuid: "…"' },
    });
    expect(JSON.stringify(told)).not.toContain('canary');
  });

  it('keeps parsed text out', () => {
    let thrown: unknown;
    try {
      JSON.parse('{"password":"canary');
    } catch (error) {
      thrown = error;
    }
    expect(JSON.stringify(describeError(thrown))).not.toMatch(/canary|password/);
  });

  it('stops somewhere in a circle of causes, and takes what is no error', () => {
    const circle = new Error('round');
    circle.cause = circle;
    expect(JSON.stringify(describeError(circle)).match(/round/g)).toHaveLength(4);
    expect(describeError('canary')).toEqual({ type: 'string', message: 'not an Error' });
  });
});
