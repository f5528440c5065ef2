import { type HttpApp, startHttpApp } from '../../test/support/http-app.js';
import type { Settings } from '../config/settings.js';
import { plainAddress } from './plain-address.js';

const started: HttpApp[] = [];

async function callerUnder(
  trustProxy: Settings['trustProxy'],
  headers: Record<string, string>,
): Promise<{ ip: string; userAgent: string; requestId: string }> {
  const http = await startHttpApp({ settings: { trustProxy } });
  started.push(http);
  return (await (await fetch(`${http.url}/caller`, { headers })).json()) as never;
}

describe('the caller', () => {
  afterEach(async () => {
    await Promise.all(started.splice(0).map(({ app }) => app.close()));
  });

  it.each<[Settings['trustProxy'], string, string]>([
    [false, '203.0.113.9', '127.0.0.1'],
    [1, '203.0.113.9', '203.0.113.9'],
    [1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    [2, '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    [['127.0.0.0/8'], '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    [['127.0.0.0/8', '203.0.113.0/24'], '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    [['10.0.0.0/8'], '203.0.113.9', '127.0.0.1'],
    [1, '::FFFF:203.0.113.9', '203.0.113.9'],
    [1, '<script>', '127.0.0.1'],
  ])('with TRUST_PROXY %j and X-Forwarded-For %s is %s', async (trust, forwarded, ip) => {
    expect(await callerUnder(trust, { 'x-forwarded-for': forwarded })).toMatchObject({ ip });
  });

  it('has a user agent without controls, cut at 256 characters', async () => {
    const { userAgent } = await callerUnder(false, { 'user-agent': `a\tb\u0085${'x'.repeat(300)}` });
    expect(userAgent).toBe(`ab${'x'.repeat(254)}`);
  });

  it('has the id its answer carries', async () => {
    expect(await callerUnder(false, { 'x-request-id': 'mine' })).toMatchObject({ requestId: 'mine' });
  });
});

describe('plainAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['192.0.2.1:80', undefined],
    ['', undefined],
    ['host', undefined],
  ])('%s is %s', (text, plain) => {
    expect(plainAddress(text)).toBe(plain);
  });
});
