import { tracesUrl } from './tracer-provider.js';

describe('where traces are sent', () => {
  it.each([
    ['http://collector:4318', 'http://collector:4318/v1/traces'],
    ['http://collector:4318/', 'http://collector:4318/v1/traces'],
    ['https://o.example/otlp', 'https://o.example/otlp/v1/traces'],
    ['https://o.example/otlp//', 'https://o.example/otlp/v1/traces'],
    ['https://o.example/otlp?tenant=1', 'https://o.example/otlp/v1/traces?tenant=1'],
  ])('is below %s', (endpoint, url) => expect(tracesUrl(endpoint)).toBe(url));
});
