import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inherited, ROOT } from './support/server-process.js';

describe('deploy/healthcheck.mjs', () => {
  let server: Server;
  let ready = true;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(ready ? 200 : 503).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  afterAll(() => server.close());

  async function check(env: Record<string, string>): Promise<unknown> {
    const { port } = server.address() as AddressInfo;
    const child = spawn(process.execPath, [join(ROOT, 'deploy', 'healthcheck.mjs')], {
      env: { ...inherited(), PORT: String(port), ...env },
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'close')) as [unknown];
    return code;
  }

  it.each([{}, { HOST: '' }, { HOST: '0.0.0.0' }, { HOST: '::' }, { HOST: '127.0.0.1' }])(
    'ends with 0 while the server that listens with %j is ready, else with 1',
    async (env) => {
      ready = true;
      expect(await check(env)).toBe(0);
      ready = false;
      expect(await check(env)).toBe(1);
      expect(new Set(asked)).toEqual(new Set(['/health/ready']));
    },
  );

  it('ends with 1 where nobody listens', async () => {
    expect(await check({ PORT: '1' })).toBe(1);
  });
});
