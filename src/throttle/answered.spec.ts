import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ServiceUnavailable } from '../common/failures.js';
import { answered } from './answered.js';

describe('answered', () => {
  it('answers 503 for a store that cannot answer, and keeps the cause for the log', async () => {
    const cause = new Error('Connection terminated unexpectedly');
    const error: unknown = await answered(Promise.reject(cause)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ServiceUnavailable);
    expect(error).toMatchObject({ cause, message: 'The service is busy. Try again later.' });
  });

  it('passes on what the library says of a point too many', async () => {
    const limiter = new RateLimiterMemory({ points: 1, duration: 60 });
    await limiter.consume('key');
    await expect(answered(limiter.consume('key'))).rejects.toBeInstanceOf(RateLimiterRes);
  });
});
