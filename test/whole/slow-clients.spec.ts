import type { Socket } from 'node:net';
import { Client } from '../support/client.js';
import { answersUntilEnd, open, type RawAnswer } from '../support/raw-http.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

const CUT_WITHIN_MS = 30_000;
const DRIP_EVERY_MS = 500;

/** Goes on sending a byte now and then for as long as the connection lasts. */
async function drip(port: number, beginning: string, byte: string): Promise<RawAnswer[]> {
  const socket: Socket = await open(port);
  socket.on('error', () => undefined); // a byte more after the cut
  socket.write(beginning);
  const tap = setInterval(() => socket.write(byte), DRIP_EVERY_MS);
  const tooLate = setTimeout(() => socket.destroy(), CUT_WITHIN_MS);
  try {
    return await answersUntilEnd(socket);
  } finally {
    clearInterval(tap);
    clearTimeout(tooLate);
  }
}

describe('clients that are slow or silent', () => {
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(async () => {
    await server.stop();
  });

  it('are cut with 408 within 30 s if they drip headers or a body, and harm nobody meanwhile', async () => {
    const silent = await Promise.all(Array.from({ length: 200 }, () => open(server.port)));
    const slow = Promise.all([
      drip(server.port, 'GET /student HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'a'),
      drip(
        server.port,
        'POST /student HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{"name":"',
        'a',
      ),
      drip(server.port, 'GET', ''),
    ]);
    const client = new Client(server.url);
    const member = await client.join({ password: '1234' });
    expect((await client.get('/me', member.token)).status).toBe(200);
    for (const answers of await slow) {
      expect(answers).toEqual([
        expect.objectContaining({ status: 408, body: '{"message":"The request took too long to arrive."}' }),
      ]);
    }
    expect((await client.get('/me', member.token)).status).toBe(200);
    for (const socket of silent) socket.destroy();
  });
});
