import { Client, type Member } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { startApp, type TestApp } from './support/start-app.js';
import { saying, TOKEN_INVALID, type Told, told } from './support/told.js';

const LAST_ADMIN = saying(409, 'The last admin must stay.');
const ROUNDS = 8;

let app: TestApp;
let client: Client;

beforeEach(async () => {
  app = await startApp({ throttle: false });
  client = new Client(app.url);
});
afterEach(async () => await app.close());

async function anAdmin(): Promise<Member> {
  const member = await client.join();
  await makeAdmin(app, member.publicId);
  return member;
}

async function again(admin: Member): Promise<Member> {
  await makeAdmin(app, admin.publicId);
  return { ...admin, token: await client.tokenOf(admin.name, admin.password) };
}

async function demote(by: Member, whom: Member): Promise<Told> {
  return told(
    await client.send('PATCH', `/student/${whom.publicId}`, { token: by.token, json: { role: 'user' } }),
  );
}

async function remove(by: Member, whom: Member): Promise<Told> {
  const json = by.publicId === whom.publicId ? { current_password: by.password } : undefined;
  return told(await client.send('DELETE', `/student/${whom.publicId}`, { token: by.token, json }));
}

async function admins(): Promise<number> {
  const [row] = await app.database.query<{ n: number | string }>(
    `SELECT count(*) AS n FROM student WHERE role = 'admin'`,
  );
  return Number(row?.n);
}

describe('the last admin', () => {
  it('is neither demoted nor deleted, and goes on as before', async () => {
    const admin = await anAdmin();
    await client.join();
    expect(await demote(admin, admin)).toEqual(LAST_ADMIN);
    expect(await remove(admin, admin)).toEqual(LAST_ADMIN);
    expect((await client.get('/me', admin.token)).json).toMatchObject({ student: { role: 'admin' } });
    expect((await client.login(admin.name, admin.password)).status).toBe(200);
  });

  it('keeps name and e-mail when they were to change along with the role', async () => {
    const admin = await anAdmin();
    const answer = await client.send('PATCH', `/student/${admin.publicId}`, {
      token: admin.token,
      json: { name: 'demoted', role: 'user' },
    });
    expect(told(answer)).toEqual(LAST_ADMIN);
    expect((await client.get('/me', admin.token)).json).toMatchObject({ student: { name: admin.name } });
  });

  it('may go once another admin is there', async () => {
    const first = await anAdmin();
    const second = await anAdmin();
    expect((await demote(first, first)).status).toBe(200);
    expect(await remove(second, second)).toEqual(LAST_ADMIN);
    await makeAdmin(app, first.publicId);
    expect((await remove(second, second)).status).toBe(200);
    expect(await admins()).toBe(1);
  });

  it('stands when the last two demote themselves at once', async () => {
    let [one, two] = [await anAdmin(), await anAdmin()];
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await Promise.all([demote(one, one), demote(two, two)]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers).toContainEqual(LAST_ADMIN);
      expect(await admins()).toBe(1);
      [one, two] = [await again(one), await again(two)];
    }
  });

  it('stands when the last two demote each other at once', async () => {
    let [one, two] = [await anAdmin(), await anAdmin()];
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await Promise.all([demote(one, two), demote(two, one)]);
      const lost = answers.filter(({ status }) => status !== 200);
      expect(lost).toHaveLength(1);
      // Whoever was demoted before the own request was at the door is nobody's admin any more.
      expect([LAST_ADMIN, TOKEN_INVALID]).toContainEqual(lost[0]);
      expect(await admins()).toBe(1);
      [one, two] = [await again(one), await again(two)];
    }
  });

  it('stands when one of the last two is demoted while the other is deleted', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [one, two] = [await anAdmin(), await anAdmin()];
      const answers = await Promise.all([demote(one, one), remove(two, two)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers).toContainEqual(LAST_ADMIN);
      expect(await admins()).toBe(1);
      await app.database.write(async (manager) => {
        await app.database.executeWith(manager, 'DELETE FROM student');
      });
    }
  });

  it('stands when everybody demotes and deletes everybody at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => anAdmin()));
    const answers = await Promise.all(
      all.flatMap((by) => all.map((whom, n) => (n % 2 === 0 ? demote(by, whom) : remove(by, whom)))),
    );
    expect(await admins()).toBe(1);
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![200, 401, 403, 404, 409].includes(status))).toEqual([]);
    const left = await Promise.all(all.map(({ token }) => client.get('/me', token)));
    for (const answer of left) if (answer.status !== 200) expect(told(answer)).toEqual(TOKEN_INVALID);
  });
});
