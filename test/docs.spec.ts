import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { exchange } from './support/raw-http.js';
import { startApp, type TestApp } from './support/start-app.js';

describe('the documents of the API', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startApp();
  });

  afterAll(async () => {
    await app.close();
  });

  const document = async (): Promise<OpenAPIObject> =>
    (await (await fetch(`${app.url}/docs-json`)).json()) as OpenAPIObject;

  const operations = async () =>
    Object.entries((await document()).paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        name: `${method} ${path}`,
        ...(operation as NonNullable<typeof item.get>),
      })),
    );

  it.each(['/docs', '/docs/'])(
    '%s is a page whose policy runs no inline script and no other host',
    async (path) => {
      const response = await fetch(app.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';" +
          "base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(response.headers.get('x-frame-options')).toBe('DENY');
      const page = await response.text();
      expect(page).not.toMatch(/<script>|<style|style=|\son\w+=|https?:|\/\//);
      const assets = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address ?? '');
      expect(assets).toHaveLength(5);
      for (const asset of assets) {
        const found = await fetch(new URL(asset, app.url + path));
        expect([asset, found.status]).toEqual([asset, 200]);
        expect(found.headers.get('cache-control')).toMatch(/^(?:public, max-age=3600|no-cache)$/);
        expect(found.headers.get('x-content-type-options')).toBe('nosniff');
        await found.arrayBuffer();
      }
    },
  );

  it('tell a browser that has an asset that it is still the same', async () => {
    const request = 'GET /docs/swagger-ui.css HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
    const port = Number(new URL(app.url).port);
    const [first] = await exchange(port, `${request}\r\n`);
    const [again] = await exchange(port, `${request}If-None-Match: ${first?.headers['etag']}\r\n\r\n`);
    expect([first?.status, again?.status]).toEqual([200, 304]);
  });

  it.each(['/docs', '/docs/', '/docs-json', '/docs/init.js', '/docs/swagger-ui-bundle.js'])(
    '%s answers GET and HEAD alone',
    async (path) => {
      expect((await fetch(app.url + path, { method: 'HEAD' })).status).toBe(200);
      const other = await fetch(app.url + path, { method: 'POST' });
      expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(await other.json()).toEqual({ message: 'Method not allowed' });
    },
  );

  it.each(['/docs/package.json', '/docs/index.html', '/docs/..%2fpackage.json', '/docs/%2e%2e/package.json'])(
    '%s is nothing of ours',
    async (path) => {
      const response = await fetch(app.url + path);
      expect([response.status, await response.json()]).toEqual([404, { message: 'Not found' }]);
    },
  );

  it('are kept in openapi.json', async () => {
    const kept: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'openapi.json'), 'utf8'));
    expect(await document()).toEqual(kept);
  });

  it('offer every way in', async () => {
    expect(Object.keys((await document()).components?.securitySchemes ?? {})).toEqual([
      'basic',
      'x-access-token',
      'bearer',
    ]);
  });

  it('say of each route what it is for, who may ask, and what the answer and each failure look like', async () => {
    for (const { name, summary, security, tags, responses } of await operations()) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/^.{5,80}$/)]);
      expect([name, Array.isArray(security), tags?.length]).toEqual([name, true, 1]);
      for (const [status, response] of Object.entries(responses)) {
        if (!response || '$ref' in response || name === 'head /login') continue;
        if (name === 'get /metrics' && status === '200') continue;
        const json = response.content?.['application/json'];
        expect([name, status, response.description, json?.schema]).toEqual([
          name,
          status,
          expect.stringMatching(/\.$|`$/),
          expect.objectContaining({ $ref: expect.any(String) as string }),
        ]);
        if (Number(status) < 400) continue;
        const messages: unknown[] = Object.values(json?.examples ?? {}).map((example) =>
          'value' in example ? (example.value as unknown) : undefined,
        );
        expect(messages.length).toBeGreaterThan(0);
        for (const message of messages) expect(message).toEqual({ message: expect.any(String) as string });
      }
    }
  });

  it('prefill bodies that are taken as they stand', async () => {
    const described = await operations();
    const exampleOf = (name: string): unknown => {
      const body = described.find((each) => each.name === name)?.requestBody;
      return body && 'content' in body ? body.content['application/json'] : undefined;
    };
    expect(exampleOf('post /login')).toMatchObject({
      examples: { name: { value: { name: 'kyunghwan1', password: '1234' } } },
    });
    expect(exampleOf('patch /student/{public_id}')).toMatchObject({
      examples: { name: { value: { name: 'kyunghwan2' } } },
    });
  });
});
