import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { basic, Client } from '../support/client.js';
import { parseExposition } from '../support/exposition.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

const FLOOD_MS = 8_000;
/** More than one thread can serve in five seconds, however quick it is. */
const CONNECTIONS = 800;

/** Asks the same without pause on one connection; how often each status came, and each answer's `Retry-After`. */
async function askOn(server: ServerProcess, headers: Record<string, string>, path: string, until: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses = new Map<number, number>();
  const retries = new Set<string | undefined>();
  while (Date.now() < until) {
    const asked = request(server.url + path, { agent, headers });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    asked.end();
    const [response] = await answered;
    const status = response.statusCode ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 503) retries.add(response.headers['retry-after']);
    await text(response);
  }
  agent.destroy();
  return { statuses, retries };
}

function sum(all: { statuses: Map<number, number> }[], status: number): number {
  return all.reduce((total, { statuses }) => total + (statuses.get(status) ?? 0), 0);
}

describe('a flood of logins', () => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startServer({ THROTTLE: 'off', NODE_ENV: 'production', HASH_CONCURRENCY: '1' });
  });

  afterAll(async () => {
    await server.stop('SIGKILL');
  });

  it('is turned away where the queue is full, while tokens are checked and operators see it', async () => {
    const client = new Client(server.url);
    // A hundred sessions are all a student has: the flood would end that of the token.
    const [{ name, password }, { token }] = [await client.join(), await client.join()];
    const until = Date.now() + FLOOD_MS;
    const login = { authorization: basic(name, password) };
    const flood = Promise.all(
      Array.from({ length: CONNECTIONS }, () => askOn(server, login, '/login', until)),
    );
    const cheap = askOn(server, { 'x-access-token': token }, '/me', until);
    const watch: number[] = [];
    const queues: number[] = [];
    while (Date.now() < until) {
      for (const path of ['/health/live', '/health/ready']) watch.push((await client.get(path)).status);
      const scrape = await fetch(`${server.url}/metrics`);
      watch.push(scrape.status);
      const { samples } = parseExposition(await scrape.text());
      queues.push(samples.get('student_auth_password_hash_queue_length') ?? Infinity);
      expect(samples.get('student_auth_password_hash_running')).toBeLessThanOrEqual(1);
    }
    const logins = await flood;
    const { statuses } = await cheap;

    expect(new Set(logins.flatMap(({ statuses: given }) => [...given.keys()]))).toEqual(new Set([200, 503]));
    for (const retry of logins.flatMap(({ retries }) => [...retries]))
      expect(retry).toMatch(/^[1-9]\d{0,2}$/);
    expect([...statuses.keys()]).toEqual([200]);
    expect(new Set(watch)).toEqual(new Set([200]));
    expect(Math.max(...queues)).toBeLessThan(CONNECTIONS);
    expect(sum(logins, 200)).toBeGreaterThan(0);
    expect(sum(logins, 503)).toBeGreaterThan(0);
    expect((await client.login(name, password)).status).toBe(200);
  });

  it('leaves a log of whole lines, to the last one at the exit', async () => {
    expect(await server.stop()).toBe(0);
    const lines = server.output().split('\n');
    expect(lines.pop()).toBe('');
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(read.length).toBeGreaterThan(CONNECTIONS);
    for (const line of read)
      expect(line).toMatchObject({ level: expect.any(Number) as number, msg: expect.any(String) as string });
    expect(read.at(-1)).toMatchObject({ msg: 'shut down' });
    const overloaded = read.filter(({ msg }) => msg === 'overloaded: password work is turned away');
    expect(overloaded).toHaveLength(1);
    expect(overloaded[0]).toMatchObject({ reason: 'password-queue' });
  });
});
