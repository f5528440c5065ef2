import { Agent, type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, type Member } from '../support/client.js';
import { answersUntilEnd, bytesWith, open } from '../support/raw-http.js';
import { type ServerProcess, startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const WITHIN_MS = 10_000;
const CONNECTIONS = 24;

interface Stopped {
  readonly code: number | null;
  readonly ms: number;
}

async function stopped(server: ServerProcess, signal?: NodeJS.Signals): Promise<Stopped> {
  const start = performance.now();
  const code = await server.stop(signal);
  return { code, ms: performance.now() - start };
}

/** Ended with 0 and soon enough, however the clients behave. */
function expectCleanEnd({ code, ms }: Stopped): void {
  expect(code).toBe(0);
  expect(ms).toBeLessThan(WITHIN_MS);
}

interface Told {
  readonly status: number | undefined;
  readonly body: string;
  readonly last: boolean;
}

async function ask(agent: Agent, server: ServerProcess, path: string, token: string): Promise<Told> {
  const asked = request(server.url + path, { agent, headers: { 'x-access-token': token } });
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
  asked.end();
  const [response] = await answered;
  const body = await text(response);
  return { status: response.statusCode, body, last: response.headers.connection === 'close' };
}

/** Requests one after the other on one connection that is kept, until the server says that it ends. */
async function askUntilLast(
  server: ServerProcess,
  path: string,
  token: string,
  onAnswer: () => void,
): Promise<Told[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const told: Told[] = [];
  do {
    told.push(await ask(agent, server, path, token));
    onAnswer();
  } while (told.at(-1)?.last === false);
  agent.destroy();
  return told;
}

describe('a server that is told to stop', () => {
  let server: ServerProcess;
  let client: Client;
  let member: Member;

  beforeEach(async () => {
    server = await startServer({ THROTTLE: 'off', NODE_ENV: 'production' });
    client = new Client(server.url);
    member = await client.join();
  });

  // A test that failed may have left it running.
  afterEach(async () => {
    await server.stop('SIGKILL');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s under load gives every answer it owes', async (signal) => {
    let answers = 0;
    const load = Array.from({ length: CONNECTIONS }, (_, nth) =>
      askUntilLast(server, nth % 2 === 0 ? '/student' : '/me', member.token, () => (answers += 1)),
    );
    // Password checks take long: those under way at the signal finish too.
    const logins = Promise.all(Array.from({ length: 8 }, () => client.login(member.name, member.password)));
    await until('every connection is busy', () => answers > 10 * CONNECTIONS);
    const ended = stopped(server, signal);
    for (const told of await Promise.all(load)) {
      for (const { status, body } of told) {
        expect([200, 503]).toContain(status);
        expect(() => JSON.parse(body) as unknown).not.toThrow();
      }
      expect(told.at(-1)).toMatchObject({ last: true });
    }
    expect((await logins).map(({ status }) => status)).toEqual(Array(8).fill(200));
    expectCleanEnd(await ended);
  });

  it('is not held up by clients that stall, in what they send or in what they read', async () => {
    const stall = async (bytes: string): Promise<Socket> => {
      const socket = await open(server.port);
      socket.on('error', () => undefined);
      socket.write(bytes);
      return socket;
    };
    const stalled = await Promise.all([
      stall('GET /stu'),
      stall('GET /student HTTP/1.1\r\nHost: a\r\n'),
      stall(
        'POST /student HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"na',
      ),
    ]);
    const deaf = await open(server.port);
    deaf.on('error', () => undefined).pause();
    let taken = true;
    while (taken) {
      taken = deaf.write('GET /docs-json HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100));
      await client.get('/health/live');
    }
    const one = stalled.map(answersUntilEnd);
    expectCleanEnd(await stopped(server));
    await Promise.all(one);
    deaf.destroy();
  });

  it('serves others beside 200 idle connections, and does not wait for them', async () => {
    const used = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = await open(server.port);
        const answered = bytesWith(socket, '"ok"');
        socket.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n');
        await answered;
        return socket;
      }),
    );
    const silent = await Promise.all(Array.from({ length: 100 }, () => open(server.port)));
    const gone = [...used, ...silent].map((socket) => once(socket.resume(), 'close'));
    expect((await client.get('/me', member.token)).status).toBe(200);
    expectCleanEnd(await stopped(server));
    await Promise.all(gone);
    expect(server.output()).toContain('shut down');
  });

  it('takes further signals as said already', async () => {
    const ended = stopped(server, 'SIGTERM');
    await until('the shutdown has begun', async () => (await client.get('/health/ready')).status === 503);
    server.process.kill('SIGTERM');
    server.process.kill('SIGINT');
    server.process.kill('SIGHUP');
    expectCleanEnd(await ended);
  });
});
