import type { ExecutionContext } from '@nestjs/common';
import type { Settings } from '../../config/settings.js';
import { UnknownPath } from '../../http/http-failures.js';
import { MetricsAccessGuard } from './metrics-access.guard.js';

function askedBy(remoteAddress: string | undefined, headers: Record<string, string> = {}): ExecutionContext {
  const request = { socket: { remoteAddress }, headers };
  return { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
}

const STRANGERS = [
  '203.0.113.9',
  '::ffff:10.0.0.1',
  '2001:db8::1',
  '::',
  '',
  '127.',
  '127.0.0.1.example.org',
  undefined,
];

describe('the metrics', () => {
  const guard = new MetricsAccessGuard({ metricsToken: undefined } as Settings);
  const withToken = new MetricsAccessGuard({ metricsToken: 'the-token' } as Settings);

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('are shown to a peer at %p', (address) => {
    expect(guard.canActivate(askedBy(address))).toBe(true);
    expect(() => withToken.canActivate(askedBy(address))).toThrow(UnknownPath);
  });

  it.each(STRANGERS)('are not there for a peer at %p, unless it shows the token', (address) => {
    expect(() => guard.canActivate(askedBy(address))).toThrow(UnknownPath);
    expect(withToken.canActivate(askedBy(address, { authorization: 'Bearer the-token' }))).toBe(true);
  });
});
