import { WERKZEUG_HASHES } from './factories/werkzeug-hashes.js';
import { Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { openSession } from './support/token-pairs.js';

describe('a student whose password hash was imported', () => {
  const imported = WERKZEUG_HASHES.find(({ hash }) => hash.startsWith('scrypt:'));
  let test: TestApp;
  let client: Client;

  beforeAll(async () => {
    test = await startApp({ throttle: false });
    client = new Client(test.url);
  });
  afterAll(() => test.close());

  async function enrolImported() {
    if (!imported) throw new Error('There is no such hash.');
    const student = await client.enrol();
    await test.database.write((manager) =>
      test.database.executeWith(manager, 'UPDATE student SET password = $1 WHERE public_id = $2', [
        imported.hash,
        student.publicId,
      ]),
    );
    return { ...student, password: imported.password };
  }

  async function storedHash(publicId: string): Promise<string | undefined> {
    const sql = 'SELECT password FROM student WHERE public_id = $1';
    return (await test.database.query<{ password: string }>(sql, [publicId]))[0]?.password;
  }

  it('has one of ours after the first login, and logs in with the same password as before', async () => {
    const student = await enrolImported();
    await openSession(client, student);
    const upgraded = await storedHash(student.publicId);
    expect(upgraded).toMatch(/^\$argon2id\$/);
    await openSession(client, student);
    expect(await storedHash(student.publicId)).toBe(upgraded);
  });

  it('logs in on several devices at once, though each login would replace the hash', async () => {
    const student = await enrolImported();
    const pairs = await Promise.all(Array.from({ length: 6 }, () => openSession(client, student)));
    for (const { token } of pairs) expect((await client.get('/me', token)).status).toBe(200);
    expect(await storedHash(student.publicId)).toMatch(/^\$argon2id\$/);
  });
});
