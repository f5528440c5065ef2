import Sqlite from 'better-sqlite3';
import { aStudent } from '../factories/student.js';
import { Client } from '../support/client.js';
import { makeAdmin } from '../support/make-admin.js';
import { startApp } from '../support/start-app.js';
import { createTestDatabase } from '../support/test-database.js';
import { saying, told } from '../support/told.js';

const BUSY = saying(503, 'The service is busy. Try again later.');

describe('a SQLite file that another process holds for writing', () => {
  it('still answers token checks and lists; writes wait, get 503, and go on afterwards without a restart', async () => {
    const given = await createTestDatabase('sqlite');
    const test = await startApp({ throttle: false }, given);
    const client = new Client(test.url);
    const { token, name, password, publicId } = await client.join();
    await makeAdmin(test, publicId);
    const other = new Sqlite((given.settings as { file: string }).file);
    other.exec('BEGIN IMMEDIATE');

    const writes = [
      client.register(aStudent()),
      client.login(name, password),
      client.send('POST', '/logout', { token }),
    ];
    // While they wait, the event loop is free.
    expect((await client.get('/me', token)).status).toBe(200);
    expect((await client.get('/student', token)).status).toBe(200);
    // The failed login is to be written, which this does not wait for.
    expect((await client.login(name, 'wrong')).status).toBe(401);
    const first = await Promise.race([client.get('/audit', token), ...writes]);
    expect(first.status).toBe(200);
    for (const answer of await Promise.all(writes)) {
      expect(told(answer)).toEqual(BUSY);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d{0,2}$/);
    }
    expect((await client.get('/me', token)).status).toBe(200);

    // Released while a registration waits: it comes in.
    const waiting = client.register(aStudent());
    other.exec('COMMIT');
    other.close();
    expect((await waiting).status).toBe(201);
    expect((await client.login(name, password)).status).toBe(200);
    await test.close();
    await given.drop();
  });
});
