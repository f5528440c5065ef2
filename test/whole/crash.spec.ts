import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { aStudent, type StudentFields } from '../factories/student.js';
import { Client, publicIdOf } from '../support/client.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

const KILLS = 5;
const CALLERS = 8;

interface Acknowledged extends StudentFields {
  readonly publicId: string;
}

interface Round {
  readonly acknowledged: Acknowledged[];
  /** Sent, but the server died before it said anything. */
  readonly unanswered: StudentFields[];
}

/** Registers from several callers at once, and kills the server at an acknowledgement, with the others under way. */
async function registerUntilKilled(server: ServerProcess, killAfter: number): Promise<Round> {
  const client = new Client(server.url);
  const round: Round = { acknowledged: [], unanswered: [] };
  let killed: Promise<unknown> | undefined;
  const caller = async (): Promise<void> => {
    while (!killed) {
      const student = aStudent({ password: '1234' });
      try {
        const answer = await client.register(student);
        expect(answer.status).toBe(201);
        round.acknowledged.push({ ...student, publicId: publicIdOf(answer) });
      } catch (error) {
        if (!killed) throw error;
        round.unanswered.push(student);
      }
      if (round.acknowledged.length >= killAfter) killed ??= server.stop('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  await killed;
  return round;
}

describe('a server that is killed while students register', () => {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-crash-'));
  const file = join(folder, 'students.db');
  const start = (): Promise<ServerProcess> =>
    startServer({ DATABASE_URL: `sqlite:${file}`, THROTTLE: 'off', LOG_LEVEL: 'info' });
  const acknowledged: Acknowledged[] = [];
  const unanswered: StudentFields[] = [];
  let token: string;
  let server: ServerProcess;
  let client: Client;

  beforeAll(async () => {
    server = await start();
    token = (await new Client(server.url).join({ password: '1234' })).token;
    for (let kill = 1; kill <= KILLS; kill++) {
      const round = await registerUntilKilled(server, 5 * kill);
      acknowledged.push(...round.acknowledged);
      unanswered.push(...round.unanswered);
      server = await start();
    }
    client = new Client(server.url);
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has each one whom it acknowledged, after every restart', async () => {
    expect(acknowledged.length).toBeGreaterThanOrEqual((5 * KILLS * (KILLS + 1)) / 2);
    for (const { name, email, publicId } of acknowledged) {
      const { status, json } = await client.get(`/student/${publicId}`, token);
      expect({ status, json }).toEqual({
        status: 200,
        json: { students: [{ email, name, public_id: publicId, role: 'user' }] },
      });
    }
  });

  it('lets them log in, and still takes the token of before the first kill', async () => {
    for (const { name, password } of acknowledged.slice(-CALLERS)) {
      expect(await client.get('/me', await client.tokenOf(name, password))).toMatchObject({ status: 200 });
    }
    expect(await client.get('/me', token)).toMatchObject({ status: 200 });
  });

  it('has whom it did not acknowledge whole or not at all', async () => {
    expect(unanswered.length).toBeGreaterThan(0);
    for (const student of unanswered) {
      const { status } = await client.register(student);
      expect([201, 409]).toContain(status);
      expect((await client.login(student.email, student.password)).status).toBe(200);
    }
  });

  it('leaves a sound file', () => {
    const database = new Sqlite(file, { readonly: true });
    try {
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
    } finally {
      database.close();
    }
  });
});
