import { aStudent } from '../factories/student.js';
import { Client } from '../support/client.js';
import { startServer } from '../support/server-process.js';
import { createTestDatabase } from '../support/test-database.js';

describe('servers that are started at once on a new database', () => {
  it('all come up on one schema, and know each other’s students', async () => {
    const database = await createTestDatabase();
    const servers = await Promise.all(
      Array.from({ length: 3 }, () => startServer({ DATABASE_URL: database.url })),
    );
    const brought = servers.filter((server) => server.output().includes('schema brought up to date'));
    expect(brought).toHaveLength(1);

    const [first, second, third] = servers.map(({ url }) => new Client(url)) as [Client, Client, Client];
    const student = aStudent({ password: '1234' });
    expect((await first.register(student)).status).toBe(201);
    const token = await second.tokenOf(student.name, student.password);
    expect(await third.get('/me', token)).toMatchObject({
      status: 200,
      json: { student: { name: student.name } },
    });

    for (const server of servers) expect(await server.stop()).toBe(0);
    await database.drop();
  });
});
