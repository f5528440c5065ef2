import { RateLimiterRes } from 'rate-limiter-flexible';
import { ServiceUnavailable } from '../common/failures.js';

/**
 * What the store answers; when it cannot, 503: neither letting the attempt through nor refusing it for good.
 * A `RateLimiterRes` is how the library rejects a point too many, and passes.
 * @throws ServiceUnavailable
 */
export async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RateLimiterRes) throw error;
    throw new ServiceUnavailable({
      reason: 'throttle-store',
      detail: 'The throttle store does not answer.',
      cause: error,
    });
  }
}
