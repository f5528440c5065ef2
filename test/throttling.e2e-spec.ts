import { jest } from '@jest/globals';
import { PasswordHasher } from '../src/passwords/password-hasher.js';
import { aStudent, type StudentFields } from './factories/student.js';
import { type Answer, basic, Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { COULD_NOT_VERIFY, NOT_PERMITTED, told, TOO_MANY } from './support/told.js';

const MINUTE_MS = 60_000;

let test: TestApp;
let client: Client;
let address = 0;

/** One proxy is believed, so that a request can come from wherever a test says. */
beforeAll(async () => {
  test = await startApp({ trustProxy: 1 });
  client = new Client(test.url);
});

afterAll(() => test.close());
afterEach(() => jest.restoreAllMocks());

/** An address that no other test has used. */
function anAddress(): string {
  address += 1;
  return `10.9.${Math.floor(address / 250)}.${(address % 250) + 1}`;
}

function from(ip: string, headers: Record<string, string> = {}): { headers: Record<string, string> } {
  return { headers: { 'x-forwarded-for': ip, ...headers } };
}

async function logIn(userId: string, password: string, ip: string, method = 'GET'): Promise<Answer> {
  return await client.send(method, '/login', from(ip, { authorization: basic(userId, password) }));
}

async function enrol(overrides: Partial<StudentFields> = {}): Promise<StudentFields & { publicId: string }> {
  const student = aStudent(overrides);
  const answer = await client.send('POST', '/student', { json: student, ...from(anAddress()) });
  expect(answer.status).toBe(201);
  return { ...student, publicId: (answer.headers.get('location') ?? '').replace('/student/', '') };
}

async function fail(userId: string, ip: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) expect(told(await logIn(userId, 'wrong', ip))).toEqual(COULD_NOT_VERIFY);
}

describe('ten wrong passwords for one account from one address', () => {
  it('are answered, and the next attempt is refused, even with the right password', async () => {
    const { name, password } = await enrol();
    const ip = anAddress();
    await fail(name, ip, 10);
    for (const shown of ['wrong', password]) {
      const answer = await logIn(name, shown, ip);
      expect(told(answer)).toEqual(TOO_MANY);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d{0,2}$/);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    }
  });

  it('keep neither another account from that address nor the owner from another address out', async () => {
    const [kim, lee] = [await enrol(), await enrol()];
    const ip = anAddress();
    await fail(kim.name, ip, 10);
    expect((await logIn(lee.name, lee.password, ip)).status).toBe(200);
    expect((await logIn(kim.name, kim.password, anAddress())).status).toBe(200);
  });

  it('are one budget for every form of the name, for the e-mail and for HEAD', async () => {
    const { name, email } = await enrol();
    const ip = anAddress();
    const forms = [name, name.toUpperCase(), ` ${name} `, email, `${name}\u00ad`, email.toUpperCase()];
    for (let n = 0; n < 10; n += 1) {
      expect((await logIn(forms[n % forms.length] ?? '', 'wrong', ip, n % 2 ? 'HEAD' : 'GET')).status).toBe(
        401,
      );
    }
    for (const form of forms) expect((await logIn(form, 'wrong', ip)).status).toBe(429);
    expect((await logIn(name, 'wrong', ip, 'HEAD')).status).toBe(429);
  });

  it('of somebody unknown are answered and then refused just the same', async () => {
    const ip = anAddress();
    await fail('nobody-here', ip, 10);
    expect(told(await logIn('NOBODY-HERE', 'wrong', ip))).toEqual(TOO_MANY);
  });

  it('are forgiven by a right one in between, and forgotten after fifteen minutes', async () => {
    const { name, password } = await enrol();
    const ip = anAddress();
    await fail(name, ip, 9);
    expect((await logIn(name, password, ip)).status).toBe(200);
    await fail(name, ip, 10);
    expect((await logIn(name, password, ip)).status).toBe(429);
    const later = Date.now() + 15 * MINUTE_MS + 1000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect((await logIn(name, password, ip)).status).toBe(200);
  });

  it('are counted where a change asks for the current password, too', async () => {
    const student = await enrol();
    const ip = anAddress();
    const { token } = (await logIn(student.name, student.password, ip)).json as { token: string };
    const json = { current_password: 'wrong', new_password: 'quite another horse' };
    for (let n = 0; n < 10; n += 1) {
      const answer = await client.send('PUT', `/student/${student.publicId}/password`, {
        token,
        json,
        ...from(ip),
      });
      expect(told(answer)).toEqual(NOT_PERMITTED);
    }
    const path = `/student/${student.publicId}`;
    for (const [method, to, body] of [
      ['PUT', `${path}/password`, json],
      ['PATCH', path, { email: 'other@example.org', current_password: student.password }],
      ['DELETE', path, { current_password: student.password }],
    ] as const) {
      expect(told(await client.send(method, to, { token, json: body, ...from(ip) }))).toEqual(TOO_MANY);
    }
    expect((await logIn(student.name, student.password, ip)).status).toBe(429);
  });
});

describe('what is refused', () => {
  it('counts nowhere: neither for the address nor for the account', async () => {
    const [kim, lee] = [await enrol(), await enrol()];
    const ip = anAddress();
    await fail(kim.name, ip, 10);
    for (let n = 0; n < 120; n += 1) expect((await logIn(kim.name, 'wrong', ip)).status).toBe(429);
    expect((await logIn(lee.name, 'wrong', ip)).status).toBe(401);
    expect((await logIn(kim.name, kim.password, anAddress())).status).toBe(200);
  });

  it('is told of somebody unknown in the same words and the same order as of a student', async () => {
    const { name } = await enrol();
    const answers = async (userId: string): Promise<unknown[]> => {
      const ip = anAddress();
      const told: unknown[] = [];
      for (let n = 0; n < 13; n += 1) {
        const { status, text, headers } = await logIn(userId, 'wrong', ip);
        const retryAfter = headers.get('retry-after');
        told.push([
          status,
          text,
          headers.get('www-authenticate'),
          retryAfter === null ? null : 'Retry-After',
        ]);
      }
      return told;
    };
    expect(await answers('an unknown name')).toEqual(await answers(name));
  });
});

describe('a success', () => {
  it('clears the budget of its account and address alone', async () => {
    const { name, password } = await enrol();
    const [one, two] = [anAddress(), anAddress()];
    await fail(name, one, 9);
    await fail(name, two, 9);
    expect((await logIn(name, password, one)).status).toBe(200);
    await fail(name, two, 1);
    expect((await logIn(name, password, two)).status).toBe(429);
    await fail(name, one, 10);
    expect((await logIn(name, password, one)).status).toBe(429);
  });

  it('gives neither the address nor the account its failures back', async () => {
    const [owner, account] = [await enrol(), await enrol()];
    const ip = anAddress();
    // 100 failures from the address, with a success in between: the address stays full for those it is not known to.
    for (let n = 0; n < 9; n += 1) await fail(`nobody-${n}-of-${ip}`, ip, 10);
    expect((await logIn(owner.name, owner.password, ip)).status).toBe(200);
    await fail(`nobody-9-of-${ip}`, ip, 10);
    expect((await logIn(account.name, account.password, ip)).status).toBe(429);
    // The same of the account: a stranger's failures are not forgiven by the owner's success.
    for (let n = 0; n < 9; n += 1) await fail(account.name, anAddress(), 10);
    expect((await logIn(account.name, account.password, anAddress())).status).toBe(200);
    await fail(account.name, anAddress(), 10);
    expect((await logIn(account.name, account.password, anAddress())).status).toBe(429);
  });
});

describe('the current password', () => {
  it('is counted alike by each request that asks for it, and by the login', async () => {
    const student = await enrol();
    const ip = anAddress();
    const { token } = (await logIn(student.name, student.password, ip)).json as { token: string };
    const path = `/student/${student.publicId}`;
    const wrong = { current_password: 'wrong' };
    const change = async (method: string, to: string, json: unknown): Promise<number> =>
      (await client.send(method, to, { token, json, ...from(ip) })).status;
    for (let n = 0; n < 3; n += 1) {
      expect(await change('PATCH', path, { email: 'elsewhere@example.org', ...wrong })).toBe(403);
      expect(await change('PUT', `${path}/password`, { new_password: 'a fine password', ...wrong })).toBe(
        403,
      );
      expect(await change('DELETE', path, wrong)).toBe(403);
    }
    await fail(student.name, ip, 1);
    expect(told(await logIn(student.name, student.password, ip))).toEqual(TOO_MANY);
    // What asks for no password goes on.
    expect(await change('PATCH', path, { name: `${student.name} renamed` })).toBe(200);
  });
});

describe('a hundred wrong passwords', () => {
  it('for one account from everywhere keep strange addresses out, and the owner in', async () => {
    const { name, password } = await enrol();
    const home = anAddress();
    expect((await logIn(name, password, home)).status).toBe(200);
    for (let n = 0; n < 10; n += 1) await fail(name, anAddress(), 10);
    expect((await logIn(name, password, anAddress())).status).toBe(429);
    expect((await logIn(name, password, home)).status).toBe(200);
    const later = Date.now() + 15 * MINUTE_MS;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    // Refilled at five an hour: one after twelve minutes.
    expect((await logIn(name, 'wrong', anAddress())).status).toBe(401);
    expect((await logIn(name, password, anAddress())).status).toBe(429);
  });

  it('from one address keep it out of accounts it is not known to', async () => {
    const [owner, stranger] = [await enrol(), await enrol()];
    const ip = anAddress();
    expect((await logIn(owner.name, owner.password, ip)).status).toBe(200);
    for (let n = 0; n < 10; n += 1) await fail(`unknown-${n}`, ip, 10);
    expect((await logIn(stranger.name, stranger.password, ip)).status).toBe(429);
    expect((await logIn(owner.name, owner.password, ip)).status).toBe(200);
  });
});

describe('at once', () => {
  it('two hundred right logins of one account all succeed', async () => {
    const { name, password } = await enrol();
    const ip = anAddress();
    const answers = await Promise.all(Array.from({ length: 200 }, () => logIn(name, password, ip)));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  });

  it('of sixty guesses with the right one last no more than ten are tried', async () => {
    const { name, password } = await enrol();
    const ip = anAddress();
    const verify = jest.spyOn(test.app.get(PasswordHasher, { strict: false }), 'verify');
    const guesses = Array.from({ length: 60 }, (_each, n) => (n === 59 ? password : `guess-${n}`));
    const answers = await Promise.all(guesses.map((guess) => logIn(name, guess, ip)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50);
    expect(verify).toHaveBeenCalledTimes(10);
    expect(told(await logIn(name, password, ip))).toEqual(TOO_MANY);
    // What is refused costs no hash.
    expect(verify).toHaveBeenCalledTimes(10);
  });
});

describe('an address', () => {
  it('of IPv6 counts by its /64', async () => {
    const { name } = await enrol();
    for (let n = 0; n < 10; n += 1)
      expect((await logIn(name, 'wrong', `2001:db8:1:2::${n + 1}`)).status).toBe(401);
    expect((await logIn(name, 'wrong', '2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await logIn(name, 'wrong', '2001:db8:1:3::1')).status).toBe(401);
  });

  it('brings thirty registrations a minute to the hash; those that are not valid do not count', async () => {
    const ip = anAddress();
    const register = (json: unknown) => client.send('POST', '/student', { json, ...from(ip) });
    for (let n = 0; n < 5; n += 1) expect((await register({ name: 'x' })).status).toBe(400);
    const answers = await Promise.all(Array.from({ length: 30 }, () => register(aStudent())));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 201));
    const refused = await register(aStudent());
    expect(told(refused)).toEqual(TOO_MANY);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    const later = Date.now() + MINUTE_MS + 1000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect((await register(aStudent())).status).toBe(201);
  });
});
