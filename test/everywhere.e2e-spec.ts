import { aStudent } from './factories/student.js';
import { type Answer, Client, type Member } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { startApp, type TestApp } from './support/start-app.js';
import { NO_STUDENT, NOT_PERMITTED, saying, TOKEN_MISSING, told } from './support/told.js';

let test: TestApp;
let client: Client;
let kim: Member;
let lee: Member;
let admin: Member;

beforeAll(async () => {
  test = await startApp({ throttle: false });
  client = new Client(test.url);
  [kim, lee, admin] = [await client.join(), await client.join(), await client.join()];
  await makeAdmin(test, admin.publicId);
});

afterAll(() => test.close());

const NOT_JSON = { body: '{"name":', headers: { 'content-type': 'application/json' } };
const FORM = { body: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
const patch = (path: string, token: string | undefined, json: unknown): Promise<Answer> =>
  client.send('PATCH', path, { token, json });

describe('faults are told in their order', () => {
  it('an unknown path before whatever came along', async () => {
    for (const options of [NOT_JSON, FORM, { body: 'x'.repeat(70_000) }]) {
      expect(told(await client.send('POST', '/nowhere', options))).toEqual(saying(404, 'Not found'));
    }
  });

  it('another method of a known path before its body and its caller', async () => {
    const answer = await client.send('PUT', `/student/${kim.publicId}`, NOT_JSON);
    expect(told(answer)).toEqual(saying(405, 'Method not allowed'));
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
  });

  it('the body before the caller', async () => {
    const path = `/student/${kim.publicId}`;
    expect(told(await client.send('PATCH', path, NOT_JSON))).toEqual(
      saying(400, 'The body is not valid JSON.'),
    );
    expect(told(await client.send('PATCH', path, FORM))).toEqual(
      saying(415, 'The body must be JSON in UTF-8.'),
    );
    const large = { ...NOT_JSON, body: `"${'x'.repeat(70_000)}"` };
    expect(told(await client.send('PATCH', path, large))).toEqual(saying(413, 'The body is too large.'));
  });

  it('the caller before what the caller may, and that before the fields', async () => {
    const path = `/student/${lee.publicId}`;
    expect(told(await patch(path, undefined, { name: 5 }))).toEqual(TOKEN_MISSING);
    expect(told(await patch(path, kim.token, { name: 5 }))).toEqual(NOT_PERMITTED);
    expect(told(await patch(`/student/${kim.publicId}`, kim.token, { name: 5 }))).toEqual(
      saying(400, 'name must be a string'),
    );
  });

  it('the fields before whether there is such a student, and that before a conflict', async () => {
    expect(told(await patch('/student/nobody', admin.token, { name: 5 }))).toEqual(
      saying(400, 'name must be a string'),
    );
    expect(told(await patch('/student/nobody', admin.token, { name: lee.name }))).toEqual(NO_STUDENT);
    expect(told(await patch(`/student/${kim.publicId}`, admin.token, { name: lee.name }))).toEqual(
      saying(409, 'The name is already taken.'),
    );
  });

  it('what a student may not, whether there is the other or not', async () => {
    for (const publicId of [lee.publicId, 'nobody']) {
      expect(told(await patch(`/student/${publicId}`, kim.token, { name: 'x' }))).toEqual(NOT_PERMITTED);
    }
  });
});

describe('faults of fields', () => {
  it('come in one text, each naming its field, unknown keys after', async () => {
    const answer = await client.register({
      name: 'a:b',
      email: 'nowhere',
      password: 5,
      role: 'admin',
      id: 1,
    });
    expect(told(answer)).toEqual(
      saying(
        400,
        'name must not contain a colon; email must be a valid e-mail address; password must be a string; ' +
          'role is not allowed; id is not allowed',
      ),
    );
  });

  it('are told up to ten, and the others counted', async () => {
    const extra = Object.fromEntries(Array.from({ length: 12 }, (_each, n) => [`key${n}`, n]));
    const { message } = (await client.register({ ...aStudent(), ...extra })).json as { message: string };
    expect(message.split('; ')).toHaveLength(11);
    expect(message).toMatch(/; and 2 more$/);
  });

  it('of a type are never put right', async () => {
    for (const [field, value] of Object.entries({ name: 1, email: true, password: 12345678 })) {
      for (const wrong of [value, null, [], {}, ['x']]) {
        const answer = await client.register({ ...aStudent(), [field]: wrong });
        expect(told(answer)).toEqual(saying(400, `${field} must be a string`));
      }
    }
  });

  it.each([[[]], ['text'], [5], [null], [true]])('are not looked for in a body of %j', async (json) => {
    expect((await client.register(json)).status).toBe(400);
  });
});

describe('a request said to take no body', () => {
  it('ignores whatever comes as one', async () => {
    for (const options of [NOT_JSON, FORM, { json: { any: 'thing' } }]) {
      const { token } = await client.join();
      expect((await client.send('POST', '/logout', { ...options, token })).status).toBe(200);
    }
    const { publicId } = await client.join();
    const gone = await client.send('DELETE', `/student/${publicId}`, {
      token: admin.token,
      json: { any: 'thing' },
    });
    expect(gone.status).toBe(200);
  });
});

describe('every answer', () => {
  it('names its request, forbids sniffing and storing, and does not name the server', async () => {
    const answers = [
      await client.get('/me', kim.token),
      await client.get('/nowhere'),
      await client.send('POST', '/student', NOT_JSON),
      await client.send('PUT', '/login'),
      await client.get('/student/%zz', kim.token),
    ];
    for (const { headers } of answers) {
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
    }
  });

  it("takes the caller's own request id where it is a decent one", async () => {
    const idOf = async (id: string) =>
      (await client.send('GET', '/health/live', { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      );
    for (const id of ['a', 'A.b_c-9', 'x'.repeat(64)]) expect(await idOf(id)).toBe(id);
    for (const id of ['x'.repeat(65), 'a b', 'a;b']) expect(await idOf(id)).not.toBe(id);
  });

  it('to HEAD is that to GET without its body', async () => {
    for (const path of ['/student', '/me', '/session', '/health/ready', '/.well-known/jwks.json']) {
      const [head, get] = [
        await client.send('HEAD', path, { token: kim.token }),
        await client.get(path, kim.token),
      ];
      expect([head.status, head.text]).toEqual([200, '']);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    }
  });
});
