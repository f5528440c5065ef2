import { randomUUID } from 'node:crypto';
import { aStudent } from './factories/student.js';
import { type Answer, Client, publicIdOf } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { NO_STUDENT, saying, TOKEN_INVALID, TOKEN_MISSING, told, type Told } from './support/told.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The headers that say something of the answer, less those every HTTP answer has. */
function headersOf({ headers }: Answer): Record<string, string> {
  const plain = ['connection', 'keep-alive', 'date', 'content-length'];
  return Object.fromEntries([...headers].filter(([name]) => !plain.includes(name)));
}

const EVERY_ANSWER = {
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'x-request-id': expect.stringMatching(UUID) as string,
};

describe('the walk-through', () => {
  let test: TestApp;
  let client: Client;

  beforeAll(async () => {
    test = await startApp({ throttle: false, passwordMinLength: 4 });
    client = new Client(test.url);
  });

  afterAll(() => test.close());

  it('registers, logs in with Basic, and is recognised by the token', async () => {
    const registered = await client.register({
      name: 'kyunghwan1',
      email: 'ko1@naver.com',
      password: '1234',
    });
    expect(registered.text).toBe('{"message":"New stduent created!"}');
    expect(registered.status).toBe(201);
    const publicId = publicIdOf(registered);
    expect(publicId).toMatch(UUID);
    expect(headersOf(registered)).toEqual({ ...EVERY_ANSWER, location: `/student/${publicId}` });

    const login = await client.login('kyunghwan1', '1234');
    expect(told(login)).toEqual({ status: 200, json: { token: expect.any(String) as string } });
    expect(headersOf(login)).toEqual(EVERY_ANSWER);
    const { token } = login.json as { token: string };

    const students = {
      students: [{ email: 'ko1@naver.com', name: 'kyunghwan1', public_id: publicId, role: 'user' }],
    };
    const list = await client.get('/student', token);
    expect(told(list)).toEqual({ status: 200, json: students });
    expect(headersOf(list)).toEqual(EVERY_ANSWER);
    const one = await client.get(`/student/${publicId}`, token);
    expect(told(one)).toEqual({ status: 200, json: students });
    expect(headersOf(one)).toEqual(EVERY_ANSWER);
    expect(one.text).toBe(list.text);

    const wrong = await client.get('/student', 'wrong');
    expect(told(wrong)).toEqual(TOKEN_INVALID);
    expect(headersOf(wrong)).toEqual({ ...EVERY_ANSWER, 'www-authenticate': 'Bearer' });
  });

  it('gives a JWT of HS256 that carries who, which session, and thirty minutes', async () => {
    const { name, password, publicId } = await client.enrol();
    const [head, payload] = (await client.tokenOf(name, password)).split('.');
    const read = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(head)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const iat = test.clock.now() / 1000;
    expect(read(payload)).toEqual({
      public_id: publicId,
      sub: publicId,
      sid: expect.stringMatching(UUID) as string,
      iss: 'student-auth',
      aud: 'student-auth',
      iat,
      exp: iat + 1800,
    });
  });

  it('keeps the hash to itself, and no password anywhere', async () => {
    const { publicId, token } = await client.join();
    const [row] = await test.database.query<Record<string, unknown>>(
      'SELECT * FROM student WHERE public_id = $1',
      [publicId],
    );
    expect(row).toMatchObject({ public_id: publicId, role: 'user' });
    expect(row?.['password']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await client.get(`/student/${publicId}`, token)).text).not.toContain('argon2');
  });
});

describe('POST /student', () => {
  let test: TestApp;
  let client: Client;

  beforeAll(async () => {
    test = await startApp({ throttle: false });
    client = new Client(test.url);
  });

  afterAll(() => test.close());

  const tellsOf = async (fields: object): Promise<Told> =>
    told(await client.register({ ...aStudent(), ...fields }));
  const invalid = (message: string): Told => saying(400, message);

  it.each([
    ['name is required', { name: undefined }],
    ['name must be a string', { name: null }],
    ['name must be a string', { name: 7 }],
    ['name must be a string', { name: ['kim'] }],
    ['name must be a string', { name: { first: 'kim' } }],
    ['name must be a string', { name: true }],
    ['name must be 1 to 50 characters', { name: '' }],
    ['name must be 1 to 50 characters', { name: '   ' }],
    ['name must be 1 to 50 characters', { name: 'x'.repeat(51) }],
    ['name must be 1 to 50 characters', { name: '👩'.repeat(51) }],
    ['name must not contain a colon', { name: 'kim:lee' }],
    ['name must not contain a colon', { name: 'kim：lee' }],
    ['name must not contain control characters', { name: 'kim\u0007' }],
    ['name must not contain control characters', { name: 'kim\u0085lee' }],
    ['name must not consist of invisible characters only', { name: '\u200b\u2060' }],
    ['name must not consist of invisible characters only', { name: '\u3164' }],
    ['name must not contain NUL or unpaired surrogates', { name: 'kim\0' }],
    ['name must not contain NUL or unpaired surrogates', { name: 'kim\ud800' }],
    ['email is required', { email: undefined }],
    ['email must be a string', { email: 5 }],
    ['email must be a valid e-mail address', { email: 'ko1' }],
    ['email must be a valid e-mail address', { email: 'ko1@' }],
    ['email must be a valid e-mail address', { email: '"ko 1"@naver.com' }],
    ['email must be a valid e-mail address', { email: 'ko1@naver.com ' }],
    [
      'email must be at most 254 characters',
      { email: `${'a'.repeat(60)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.org` },
    ],
    ['email must not contain NUL or unpaired surrogates', { email: 'ko1\0@naver.com' }],
    ['password is required', { password: undefined }],
    ['password must be a string', { password: 12345678 }],
    ['password must be at least 8 characters', { password: '1234567' }],
    ['password must be at least 8 characters', { password: '👩'.repeat(7) }],
    ['password must be at most 256 characters', { password: 'x'.repeat(257) }],
    ['password must not contain NUL or unpaired surrogates', { password: 'correct horse\0' }],
    ['password must not contain NUL or unpaired surrogates', { password: 'correct horse\udc00' }],
    ['password is among the most common ones', { password: 'password1' }],
    ['role is not allowed', { role: 'admin' }],
    ['public_id is not allowed', { public_id: randomUUID() }],
    ['id is not allowed', { id: 1 }],
    ['constructor is not allowed', { ['constructor']: 1 }],
  ])('is answered “%s” where that is so (%#)', async (message, fields) => {
    expect(await tellsOf(fields)).toEqual(invalid(message));
  });

  it('refuses a key of __proto__ by its name', async () => {
    const body = JSON.stringify(aStudent()).replace('{', '{"__proto__":{"role":"admin"},');
    const answer = await client.send('POST', '/student', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(told(answer)).toEqual(invalid('__proto__ is not allowed'));
  });

  it('refuses a password that is the name or the e-mail in another form', async () => {
    const same = 'password must not be the name or the e-mail';
    expect(await tellsOf({ name: 'Kyung Hwan Ko', password: ' KYUNG  HWAN KO' })).toEqual(invalid(same));
    expect(await tellsOf({ email: 'hwan@naver.com', password: 'HWAN@naver.com' })).toEqual(invalid(same));
  });

  it('takes 50 code points of any script as a name, trimmed at its ends and nowhere else', async () => {
    const astral = '𝒜'.repeat(50);
    const { token, publicId } = await client.join({ name: `  ${astral}\u3000` });
    const spaced = await client.enrol({ name: ' Kim  Lee ' });
    const nameOf = async (id: string): Promise<unknown> => (await client.get(`/student/${id}`, token)).json;
    expect(await nameOf(publicId)).toMatchObject({ students: [{ name: astral }] });
    expect(await nameOf(spaced.publicId)).toMatchObject({ students: [{ name: 'Kim  Lee' }] });
  });

  it('answers 409 for a name or an e-mail that another student holds, as name or as e-mail', async () => {
    const held = await client.enrol({ name: 'Held', email: 'held@example.org' });
    const name = saying(409, 'The name is already taken.');
    const email = saying(409, 'The e-mail is already taken.');
    expect(await tellsOf({ name: 'HELD' })).toEqual(name);
    expect(await tellsOf({ name: 'held@EXAMPLE.org' })).toEqual(name);
    expect(await tellsOf({ email: 'Held@example.org' })).toEqual(email);
    expect(await tellsOf({ name: held.name, email: held.email })).toEqual(name);
    const conflict = await client.register({ ...aStudent(), name: 'held' });
    expect(headersOf(conflict)).toEqual(EVERY_ANSWER);
  });

  it('lets a student be called by the own e-mail', async () => {
    const own = await client.join({ name: 'Own@example.org', email: 'own@example.org' });
    expect(told(await client.get(`/student/${own.publicId}`, own.token))).toEqual({
      status: 200,
      json: {
        students: [
          { email: 'own@example.org', name: 'Own@example.org', public_id: own.publicId, role: 'user' },
        ],
      },
    });
    expect(await tellsOf({ name: 'own@example.org' })).toEqual(saying(409, 'The name is already taken.'));
  });

  it('leaves nothing of a refused registration behind: the free half can be taken', async () => {
    await client.enrol({ name: 'first', email: 'first@example.org' });
    expect(await tellsOf({ name: 'second', email: 'first@example.org' })).toEqual(
      saying(409, 'The e-mail is already taken.'),
    );
    await client.enrol({ name: 'second', email: 'second@example.org' });
  });
});

describe('GET /student/{public_id}', () => {
  let test: TestApp;
  let client: Client;
  let token: string;

  beforeAll(async () => {
    test = await startApp({ throttle: false });
    client = new Client(test.url);
    ({ token } = await client.join());
  });

  afterAll(() => test.close());

  it.each([
    randomUUID(),
    'nobody',
    '1',
    'null',
    '%00',
    '%F0%9F%91%A9',
    'a%2Fb',
    "' OR 1=1 --".replace(/ /g, '%20'),
    'x'.repeat(8000),
  ])('answers 404 for whatever is not a student’s id (%#)', async (id) => {
    const answer = await client.get(`/student/${id}`, token);
    expect(told(answer)).toEqual(NO_STUDENT);
    expect(headersOf(answer)).toEqual(EVERY_ANSWER);
  });

  it('finds a student by the exact id alone', async () => {
    const { publicId } = await client.enrol();
    expect((await client.get(`/student/${publicId}`, token)).status).toBe(200);
    expect((await client.get(`/student/${publicId.toUpperCase()}`, token)).status).toBe(404);
  });

  it('asks for a token before it looks for the student', async () => {
    const answer = await client.get(`/student/${randomUUID()}`);
    expect(told(answer)).toEqual(TOKEN_MISSING);
    expect(headersOf(answer)).toEqual({ ...EVERY_ANSWER, 'www-authenticate': 'Bearer' });
  });
});
