import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { type Collector, startCollector } from '../support/otlp-collector.js';
import { startServer } from '../support/server-process.js';

let collector: Collector;
let folder: string;

beforeEach(async () => {
  collector = await startCollector();
  folder = mkdtempSync(join(tmpdir(), 'student-auth-traces-'));
});

afterEach(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a server, has it work and stops it by SIGTERM. */
async function run(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const server = await startServer(env);
  const client = new Client(server.url);
  const { token, publicId } = await client.join();
  expect((await client.get(`/student/${publicId}`, token)).status).toBe(200);
  return { code: await server.stop(), output: server.output() };
}

/** The scripts that a process loaded, of which V8 writes a list when it ends. */
function loaded(): string[] {
  return readdirSync(folder).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
}

describe('traces in a process of its own', () => {
  it('load nothing where there is no collector', async () => {
    expect(await run({ NODE_V8_COVERAGE: folder })).toMatchObject({ code: 0 });
    const scripts = loaded();
    expect(scripts.some((url) => url.includes('prom-client'))).toBe(true);
    expect(scripts.filter((url) => /opentelemetry|\/tracing\//.test(url))).toEqual([]);
  });

  it('are loaded where there is one, and what is held is sent before the process ends', async () => {
    const { code } = await run({ NODE_V8_COVERAGE: folder, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
    expect(code).toBe(0);
    expect(loaded().filter((url) => url.includes('/node_modules/@opentelemetry/')).length).toBeGreaterThan(
      10,
    );
    const names = collector.spans().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['POST /student', 'GET /login', 'password check', 'GET /student/:public_id']),
    );
  });

  it('take the sampling, headers and the name of the service from the variables there are for them', async () => {
    await run({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=school',
      OTEL_SERVICE_NAME: 'accounts',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    expect(collector.deliveries[0]?.headers['x-tenant']).toBe('school');
    expect(collector.resource()).toMatchObject({
      'service.name': 'accounts',
      'deployment.environment.name': 'test',
    });

    const before = collector.deliveries.length;
    await run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_TRACES_SAMPLER: 'always_off' });
    expect(collector.deliveries).toHaveLength(before);
    const { output } = await run({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_TRACES_SAMPLER: 'nearly_all',
    });
    expect(output).toContain('tracing is not set up as asked');
    expect(output).toContain('OTEL_TRACES_SAMPLER');
    expect(collector.deliveries.length).toBeGreaterThan(before);
  });

  it('do not keep a process from closing its database and ending, though the collector says nothing', async () => {
    collector.answer('never');
    const file = join(folder, 'students.db');
    const { code, output } = await run({
      NODE_ENV: 'production',
      DATABASE_URL: `sqlite:${file}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    });
    expect(code).toBe(0);
    expect(output).toContain('"msg":"shut down"');
    expect(collector.deliveries.length).toBeGreaterThan(0);
    // SQLite removes its log when the last connection is closed.
    expect([existsSync(file), existsSync(`${file}-wal`)]).toEqual([true, false]);
  });
});
