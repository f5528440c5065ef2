import { randomUUID } from 'node:crypto';
import { decode, encode, forge, type Forgery, sign } from './factories/forged-token.js';
import { type Answer, basic, Client, type Member } from './support/client.js';
import { exchange } from './support/raw-http.js';
import { startApp, type TestApp } from './support/start-app.js';
import { COULD_NOT_VERIFY, TOKEN_INVALID, TOKEN_MISSING, told } from './support/told.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a route that asks for a token', () => {
  let test: TestApp;
  let client: Client;
  let kim: Member;
  let lee: Member;

  beforeAll(async () => {
    test = await startApp({ throttle: false });
    client = new Client(test.url);
    kim = await client.join();
    lee = await client.join();
  });

  afterAll(() => test.close());

  const me = (headers: Record<string, string>): Promise<Answer> => client.send('GET', '/me', { headers });
  const nameOf = (answer: Answer): unknown => (answer.json as { student?: { name: string } }).student?.name;
  const refused = (answer: Answer): void => {
    expect(told(answer)).toEqual(TOKEN_INVALID);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  };

  describe('takes it', () => {
    it('from x-access-token', async () => {
      expect(nameOf(await me({ 'x-access-token': kim.token }))).toBe(kim.name);
    });

    it.each(['Bearer', 'bearer', 'BEARER'])('from Authorization: %s', async (scheme) => {
      expect(nameOf(await me({ authorization: `${scheme} ${kim.token}` }))).toBe(kim.name);
    });

    it('from x-access-token where both are given, good or not', async () => {
      const both = { 'x-access-token': kim.token, authorization: `Bearer ${lee.token}` };
      expect(nameOf(await me(both))).toBe(kim.name);
      expect(nameOf(await me({ ...both, authorization: 'Bearer wrong' }))).toBe(kim.name);
      expect(nameOf(await me({ ...both, authorization: basic(lee.name, lee.password) }))).toBe(kim.name);
      refused(await me({ ...both, 'x-access-token': 'wrong' }));
    });

    it.each([
      'HS256 with typ in lower case',
      'no typ',
      'white space in its JSON',
      'an audience among several',
    ])('with %s', async (kind) => {
      const [, payload = ''] = kim.token.split('.');
      const spaced = `${encode(' {"alg": "HS256",\n"typ":"JWT"} ')}.${payload}`;
      const token = {
        'HS256 with typ in lower case': forge(kim.token, { header: { typ: 'jwt' } }),
        'no typ': forge(kim.token, { header: { typ: undefined } }),
        'white space in its JSON': `${spaced}.${sign(spaced)}`,
        'an audience among several': forge(kim.token, { claims: { aud: ['others', 'student-auth'] } }),
      }[kind];
      expect(nameOf(await client.get('/me', token))).toBe(kim.name);
    });
  });

  it.each([
    ['no header at all', {}],
    ['Basic credentials', { authorization: basic('kim', 'correct horse battery') }],
    ['an empty x-access-token', { 'x-access-token': '' }],
    ['Bearer without a token', { authorization: 'Bearer' }],
    ['another scheme', { authorization: 'Token abc' }],
    ['a cookie', { cookie: 'x-access-token=KIM; token=KIM; access_token=KIM' }],
  ])('misses it: %s', async (_what, headers) => {
    const given = Object.entries(headers).map(([name, value]) => [name, value.replaceAll('KIM', kim.token)]);
    const answer = await me(Object.fromEntries(given) as Record<string, string>);
    expect(told(answer)).toEqual(TOKEN_MISSING);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('never takes it from a query or a body', async () => {
    const query = `?token=${kim.token}&access_token=${kim.token}&x-access-token=${kim.token}`;
    expect(told(await client.get(`/student${query}`))).toEqual(TOKEN_MISSING);
    const json = { access_token: kim.token, token: kim.token };
    expect(told(await client.send('POST', '/logout', { json }))).toEqual(TOKEN_MISSING);
  });

  it.each([
    ['x-access-token', ['x-access-token: KIM', 'X-Access-Token: KIM']],
    ['Authorization', ['Authorization: Bearer KIM', 'authorization: Bearer KIM']],
    [
      'Authorization beside x-access-token',
      ['x-access-token: KIM', 'Authorization: Bearer KIM', 'Authorization: Bearer KIM'],
    ],
    ['x-access-token with an empty one', ['x-access-token: KIM', 'x-access-token:']],
    ['Authorization of two schemes', ['Authorization: Bearer KIM', 'Authorization: Basic eDp5']],
  ])('refuses a repeated %s', async (_what, lines) => {
    const head = lines.map((line) => `${line.replace('KIM', kim.token)}\r\n`).join('');
    const port = Number(new URL(test.url).port);
    const [answer] = await exchange(port, `GET /me HTTP/1.1\r\nHost: a\r\n${head}Connection: close\r\n\r\n`);
    expect([answer?.status, answer?.body]).toEqual([401, '{"message":"Token is invalid!"}']);
    expect(answer?.headers['www-authenticate']).toBe('Bearer');
  });

  describe('refuses a token', () => {
    const now = (): number => test.clock.now() / 1000;
    const withExp = (exp: string): string =>
      Buffer.from(kim.token.split('.')[1] ?? '', 'base64url')
        .toString()
        .replace(/"exp":\d+/, `"exp":${exp}`);

    it.each<[string, () => Forgery]>([
      ['that has expired', () => ({ claims: { exp: now() - 1 } })],
      ['that expires now', () => ({ claims: { exp: now() } })],
      ['without exp', () => ({ claims: { exp: undefined } })],
      ['whose exp is a text', () => ({ claims: { exp: String(now() + 600) } })],
      ['whose exp is null', () => ({ claims: { exp: null } })],
      ['whose exp is true', () => ({ claims: { exp: true } })],
      ['whose exp is a list', () => ({ claims: { exp: [now() + 600] } })],
      ['whose exp is no number of JSON', () => ({ payload: withExp('NaN') })],
      ['whose exp overflows', () => ({ payload: withExp('1e999') })],
      ['that is not valid yet', () => ({ claims: { nbf: now() + 60 } })],
      ['whose nbf is a text', () => ({ claims: { nbf: String(now() - 60) } })],
      ['whose nbf is null', () => ({ claims: { nbf: null } })],
      ['of another issuer', () => ({ claims: { iss: 'others' } })],
      ['without an issuer', () => ({ claims: { iss: undefined } })],
      ['for another audience', () => ({ claims: { aud: 'others' } })],
      ['without an audience', () => ({ claims: { aud: undefined } })],
      ['without public_id', () => ({ claims: { public_id: undefined } })],
      ['whose public_id is a number', () => ({ claims: { public_id: 1, sub: 1 } })],
      ['whose sub is somebody else', () => ({ claims: { sub: lee.publicId } })],
      ['without sub', () => ({ claims: { sub: undefined } })],
      ['without sid', () => ({ claims: { sid: undefined } })],
      ['whose sid is a number', () => ({ claims: { sid: 1 } })],
      ['whose sid is a text with NUL', () => ({ claims: { sid: 'a\0b' } })],
      ['whose sid is nobody’s', () => ({ claims: { sid: randomUUID() } })],
      [
        'whose sid is another student’s',
        () => ({ claims: { sid: decode(lee.token.split('.')[1] ?? '')['sid'] } }),
      ],
      [
        'of a student who never was',
        () => {
          const id = randomUUID();
          return { claims: { public_id: id, sub: id } };
        },
      ],
      ['whose claims are a list', () => ({ payload: '[]' })],
      ['whose claims are null', () => ({ payload: 'null' })],
      ['whose claims are a text', () => ({ payload: '"text"' })],
      ['whose claims are no JSON', () => ({ payload: '{' })],
      ['whose claims are empty', () => ({ payload: '' })],
      ['signed with another secret', () => ({ secret: 'another secret of thirty-two bytes' })],
      ['signed with no secret', () => ({ secret: '' })],
      ['without a signature', () => ({ signature: '' })],
      ['of alg none', () => ({ header: { alg: 'none' }, signature: '' })],
      ['of alg none with a signature', () => ({ header: { alg: 'none' } })],
      ['of alg None', () => ({ header: { alg: 'None' } })],
      ['of alg hs256', () => ({ header: { alg: 'hs256' } })],
      ['of HS384 under our secret', () => ({ header: { alg: 'HS384' }, hash: 'sha384' })],
      ['of HS512 under our secret', () => ({ header: { alg: 'HS512' }, hash: 'sha512' })],
      ['of RS256', () => ({ header: { alg: 'RS256' } })],
      ['of ES256', () => ({ header: { alg: 'ES256' } })],
      ['without alg', () => ({ header: { alg: undefined } })],
      ['whose alg is a list', () => ({ header: { alg: ['HS256'] } })],
      ['of another typ', () => ({ header: { typ: 'at+jwt' } })],
      ['whose typ is a refresh token’s', () => ({ header: { typ: 'refresh' } })],
      ['whose typ is null', () => ({ header: { typ: null } })],
      ['with an unknown crit', () => ({ header: { crit: ['b64'], b64: false } })],
      ['with an empty crit', () => ({ header: { crit: [] } })],
      ['with crit of what it does know', () => ({ header: { crit: ['exp'] } })],
      ['whose kid is a number', () => ({ header: { kid: 1 } })],
      [
        'with a key of its own',
        () => ({ header: { jwk: { kty: 'oct', k: encode('mine') } }, secret: 'mine' }),
      ],
      ['with a key’s address', () => ({ header: { jku: 'http://127.0.0.1:1/jwks' }, secret: 'mine' })],
    ])('%s', async (_what, change) => {
      refused(await client.get('/me', forge(kim.token, change())));
    });

    it('with padding, spare bits, other letters or parts more or less', async () => {
      const { token } = kim;
      const [head = '', body = '', signature = ''] = token.split('.');
      const last = ALPHABET.indexOf(signature.at(-1) ?? '');
      const spare = signature.slice(0, -1) + (ALPHABET[last ^ 1] ?? '');
      const bent = [
        `${token}=`,
        `${token}==`,
        `${head}.${body}.${spare}`,
        `${head}.${body}.${signature.slice(0, -1)}`,
        `${head}.${body}.${signature}A`,
        `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}`,
        `${head}=.${body}.${sign(`${head}=.${body}`)}`,
        `${head}.${body}=.${sign(`${head}.${body}=`)}`,
        `${head}.${body}`,
        `${head}.${body}.${signature}.`,
        `${head}.${body}.${signature}.${signature}`,
        `.${body}.${signature}`,
        `${head}..${signature}`,
        `${head}.${body}.${signature}, ${token}`,
        `${head} .${body}.${signature}`,
        `"${token}"`,
        `Bearer ${token}`,
        body,
        'wrong',
        '.',
        '..',
        '...',
        'null',
        'undefined',
        'é',
        'x'.repeat(8000),
        encode(JSON.stringify({ payload: body, protected: head, signature })),
      ];
      for (const each of bent) refused(await client.get('/me', each));
      // A header value may hold neither of these; Authorization says the same of them.
      refused(await me({ authorization: 'Bearer wrong' }));
      refused(await me({ authorization: `Bearer ${token} ${token}` }));
      refused(await me({ authorization: `Bearer Bearer ${token}` }));
    });

    it('after its thirty minutes', async () => {
      const { token } = await client.join();
      test.clock.advance(30 * 60_000 - 1);
      expect((await client.get('/me', token)).status).toBe(200);
      test.clock.advance(1);
      refused(await client.get('/me', token));
      kim = { ...kim, token: await client.tokenOf(kim.name, kim.password) };
      lee = { ...lee, token: await client.tokenOf(lee.name, lee.password) };
    });

    it('of a session that is gone', async () => {
      const { token } = await client.join();
      const sid = decode(token.split('.')[1] ?? '')['sid'];
      await test.database.write((manager) =>
        test.database.executeWith(manager, 'DELETE FROM session WHERE id = $1', [sid]),
      );
      refused(await client.get('/me', token));
    });

    it('of a session that has ended', async () => {
      const { token } = await client.join();
      expect((await client.send('POST', '/logout', { token })).status).toBe(200);
      refused(await client.get('/me', token));
      refused(await client.send('POST', '/logout', { token }));
    });

    it('of a student who is gone', async () => {
      const gone = await client.join();
      const json = { current_password: gone.password };
      const removed = await client.send('DELETE', `/student/${gone.publicId}`, { token: gone.token, json });
      expect(removed.status).toBe(200);
      refused(await client.get('/me', gone.token));
      expect(told(await client.login(gone.name, gone.password))).toEqual(COULD_NOT_VERIFY);
    });
  });

  it('takes the role from the database, never from the token', async () => {
    const claimed = forge(kim.token, { claims: { role: 'admin', admin: true } });
    expect((await client.get('/me', claimed)).json).toMatchObject({ student: { role: 'user' } });
    expect((await client.get(`/student/${lee.publicId}/session`, claimed)).status).toBe(403);
  });
});
