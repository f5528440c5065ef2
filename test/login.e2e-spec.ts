import { aStudent, type StudentFields } from './factories/student.js';
import { type Answer, basic, basicOf, Client } from './support/client.js';
import { exchange } from './support/raw-http.js';
import { startApp, type TestApp } from './support/start-app.js';
import { COULD_NOT_VERIFY, TOO_MANY, told } from './support/told.js';

const CHALLENGE = 'Basic realm="Login required!", charset="UTF-8"';

let test: TestApp;
let client: Client;

const withAuthorization = (authorization: string, method = 'GET'): Promise<Answer> =>
  client.send(method, '/login', { headers: { authorization } });

function refused(answer: Answer): void {
  expect(told(answer)).toEqual(COULD_NOT_VERIFY);
  expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

describe('GET /login', () => {
  beforeAll(async () => {
    test = await startApp({ throttle: false, passwordMinLength: 4 });
    client = new Client(test.url);
  });

  afterAll(() => test.close());

  const logsIn = async ({ name, password }: Pick<StudentFields, 'name' | 'password'>): Promise<void> => {
    const token = await client.tokenOf(name, password);
    expect((await client.get('/me', token)).status).toBe(200);
  };

  describe('knows a student', () => {
    it.each([
      ['a:b:c', 'colons'],
      [':::::', 'only colons'],
      ['    ', 'only spaces'],
      [' ends with spaces ', 'spaces at its ends'],
      ['비밀번호입니다', 'Hangul'],
      ['пароль', 'Cyrillic'],
      ['👩‍👩‍👧‍👦👩🏽‍🚀', 'emoji'],
      ['\u0001\u007f\u0085\u2028', 'control characters'],
      ['\u200b\u200b\u200b\u200b', 'invisible characters'],
      ['𝒜'.repeat(256), '256 code points beyond the first plane'],
      ['\u0344'.repeat(256), '256 code points that NFC makes 512'],
      ['ﬃ＃＠！', 'compatibility characters'],
    ])('by the password %j: %s', async (password) => {
      const student = await client.enrol({ password });
      await logsIn(student);
      refused(await client.login(student.name, `${password.slice(0, -1)}x`));
    });

    it('by a password in another normal form, NFC or NFD, but in no other case', async () => {
      const one = await client.enrol({ password: 'Café au lait'.normalize('NFC') });
      await logsIn({ ...one, password: one.password.normalize('NFD') });
      const other = await client.enrol({ password: '한글 비밀번호'.normalize('NFD') });
      await logsIn({ ...other, password: other.password.normalize('NFC') });
      refused(await client.login(one.name, one.password.toUpperCase()));
      refused(await client.login(one.name, ` ${one.password}`));
    });

    it('by the name or the e-mail in any form with the same key', async () => {
      const { publicId, password } = await client.enrol({
        name: 'Zoë Straße',
        email: 'Zoe.Strasse@Example.org',
      });
      for (const userId of [
        'Zoë Straße',
        'Zoë Straße'.normalize('NFD'),
        'ZOË STRASSE',
        '  zoë   straße ',
        'zo\u200bë\u00a0stra\u00adße',
        'Ｚoë Straße',
        'Zoe.Strasse@Example.org',
        'zoe.strasse@example.org',
        'ZOE.STRASSE@EXAMPLE.ORG',
        'zoe.strasse＠example.org',
      ]) {
        const token = await client.tokenOf(userId, password);
        expect((await client.get('/me', token)).json).toMatchObject({ student: { public_id: publicId } });
      }
      refused(await client.login('Zoe Strasse', password));
    });

    it('whatever the case of the scheme and the spaces after it', async () => {
      const { name, password } = await client.enrol();
      const encoded = basic(name, password).slice('Basic '.length);
      for (const scheme of ['basic ', 'BASIC ', 'Basic   '])
        expect((await withAuthorization(scheme + encoded)).status).toBe(200);
    });

    it('and opens a session of its own at each login, with the caller’s address and program', async () => {
      const student = await client.enrol();
      const headers = { authorization: basic(student.name, student.password), 'user-agent': 'walk/1' };
      const { token } = (await client.send('GET', '/login', { headers })).json as { token: string };
      await client.tokenOf(student.name, student.password);
      const { sessions } = (await client.get('/session', token)).json as { sessions: object[] };
      expect(sessions).toHaveLength(2);
      // Opened in the same frozen millisecond: in either order.
      expect(sessions).toContainEqual(
        expect.objectContaining({ current: true, user_agent: 'walk/1', ip: '127.0.0.1' }),
      );
    });
  });

  describe('challenges', () => {
    const { name, password } = aStudent({ password: 'p:ss wörd' });

    beforeAll(() => client.enrol({ name, password }));

    it.each([
      ['an unknown user', basic('nobody', password)],
      ['a wrong password', basic(name, 'wrong password')],
      ['a password cut at its colon', basic(name, 'p')],
      ['an empty password', basic(name, '')],
      ['an empty user-id', basic('', password)],
      ['nothing but a colon', basicOf(':')],
      ['no colon', basicOf(name + password)],
      ['empty credentials', 'Basic '],
      ['no credentials', 'Basic'],
      ['another scheme', 'Bearer abc'],
      ['Digest', `Digest username="${name}"`],
      ['what is not base64', `Basic ${name}:${password}`.replace('ö', 'o')],
      ['letters that are not base64', `${basic(name, password)}!`],
      ['a second word', `${basic(name, password)} more`],
      ['Latin-1', basicOf(Buffer.from(`${name}:${password}`, 'latin1'))],
      ['UTF-16', basicOf(Buffer.from(`${name}:${password}`, 'utf16le'))],
      ['a surrogate in UTF-8', basicOf(Buffer.from([0x6b, 0x3a, 0xed, 0xa0, 0x80]))],
      ['an overlong form', basicOf(Buffer.from([0xc0, 0xba, 0x3a, 0x61]))],
      ['a byte order mark', basicOf(`\ufeff\ufeff:${password}`)],
      ['NUL in the user-id', basic(`${name}\0`, password)],
      ['NUL in the password', basic(name, `${password}\0`)],
      ['a hash in place of the password', basic(name, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA')],
      ['SQL', basic("' OR '1'='1", password)],
      ['a user-id of 3,000 characters', basic('a'.repeat(3000), password)],
      ['a password of 3,000 characters', basic(name, 'a'.repeat(3000))],
    ])('%s', async (_what, authorization) => {
      refused(await withAuthorization(authorization));
    });

    it('who sends nothing, or a token', async () => {
      refused(await client.get('/login'));
      refused(await client.get('/login', 'abc'));
    });

    it('whoever sends a body: the credentials are in the header alone', async () => {
      const body = JSON.stringify({ name, password });
      const port = Number(new URL(test.url).port);
      const [answer] = await exchange(
        port,
        `GET /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
      expect(answer?.status).toBe(401);
      expect(answer?.headers['www-authenticate']).toBe(CHALLENGE);
    });
  });

  describe('as HEAD', () => {
    const sessionsOf = async (token: string): Promise<number> =>
      ((await client.get('/session', token)).json as { sessions: unknown[] }).sessions.length;

    it('checks the credentials, and opens no session', async () => {
      const { name, password, token } = await client.join();
      const answer = await withAuthorization(basic(name, password), 'HEAD');
      expect([answer.status, answer.text]).toEqual([200, '']);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await sessionsOf(token)).toBe(1);
    });

    it('challenges as GET does, without a body', async () => {
      const { name } = await client.enrol();
      const answer = await withAuthorization(basic(name, 'wrong password'), 'HEAD');
      expect([answer.status, answer.text]).toEqual([401, '']);
      expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
      expect((await client.send('HEAD', '/login')).status).toBe(401);
    });
  });
});

describe('under the throttle', () => {
  beforeAll(async () => {
    test = await startApp();
    client = new Client(test.url);
  });

  afterAll(() => test.close());

  function throttled(answer: Answer): void {
    expect(told(answer)).toEqual(TOO_MANY);
    const seconds = answer.headers.get('retry-after') ?? '';
    expect(seconds).toMatch(/^[1-9]\d{0,2}$/);
    expect(Number(seconds)).toBeLessThanOrEqual(900);
    expect(answer.headers.get('www-authenticate')).toBeNull();
  }

  it('the eleventh login after ten failures is 429, by GET or HEAD, by name or e-mail', async () => {
    const student = await client.enrol();
    for (let failure = 0; failure < 10; failure++) {
      const userId = failure % 2 === 0 ? student.name.toUpperCase() : student.email;
      const answer = await withAuthorization(basic(userId, 'wrong password'), failure < 5 ? 'HEAD' : 'GET');
      expect(answer.status).toBe(401);
    }
    throttled(await client.login(student.name, student.password));
    expect((await withAuthorization(basic(student.email, student.password), 'HEAD')).status).toBe(429);
    const other = await client.enrol();
    expect((await client.login(other.name, other.password)).status).toBe(200);
  });

  it('the thirty-first registration of a minute from one address is 429, faulty ones not counted', async () => {
    // The two of the test before count too.
    for (let n = 2; n < 30; n++) {
      expect((await client.register({ ...aStudent(), password: 'short' })).status).toBe(400);
      await client.enrol();
    }
    throttled(await client.register(aStudent()));
    expect((await client.register({ ...aStudent(), password: 'short' })).status).toBe(400);
  });
});
