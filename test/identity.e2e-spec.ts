import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loginKey } from '../src/common/login-key.js';
import { nameFault } from '../src/students/student-identity.js';
import { aStudent } from './factories/student.js';
import { Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { saying, told } from './support/told.js';

interface Pair {
  readonly one: string;
  readonly other: string;
  readonly why: string;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T;
const NAUGHTY = read<string[]>('vectors/blns/blns.json');
const AT_ONCE = 20;
/** A thousand password hashes take their time where the machine has other work. */
const PATIENCE_MS = 240_000;

const isRegistrable = ({ one, other }: Pair): boolean =>
  [one, other].every((name) => nameFault(name) === undefined);

let test: TestApp;
let client: Client;

beforeAll(async () => {
  test = await startApp({ throttle: false, passwordMinLength: 1 });
  client = new Client(test.url);
});

afterAll(() => test.close());

const forgetEverybody = () =>
  test.database.write((manager) => test.database.executeWith(manager, 'DELETE FROM student'));

/** `work` for each of many, a few at a time. */
async function forEach<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    await Promise.all(items.slice(from, from + AT_ONCE).map((item, index) => work(item, from + index)));
  }
}

describe('who is who', () => {
  it('gives a name to one of fifty who register it at once', async () => {
    const name = 'everybody';
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.register(aStudent({ name }))));
    const taken = answers.filter(({ status }) => status === 409);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(taken.map(told)).toEqual(
      Array.from({ length: 49 }, () => saying(409, 'The name is already taken.')),
    );
  });

  it('gives an e-mail to one of fifty who register it at once', async () => {
    const email = 'everybody@example.org';
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.register(aStudent({ email }))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
  });

  it('logs two hundred students in at once, each as the right one', async () => {
    const students: Awaited<ReturnType<Client['enrol']>>[] = [];
    // A few at a time: the two hundred at once are the logins.
    await forEach(Array.from({ length: 200 }), async () => void students.push(await client.enrol()));
    const answers = await Promise.all(students.map(({ name, password }) => client.login(name, password)));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const tokens = answers.map(({ json }) => (json as { token: string }).token);
    await forEach(students, async ({ publicId, name, email }, index) => {
      const { json } = await client.get('/me', tokens[index]);
      expect(json).toEqual({ student: { email, name, public_id: publicId, role: 'user' } });
    });
  });
});

describe('names by their keys', () => {
  it.each(read<Pair[]>('data/distinct-names.json').filter(isRegistrable))(
    'tells apart: $why',
    async ({ one, other }) => {
      await forgetEverybody();
      expect((await client.register(aStudent({ name: one }))).status).toBe(201);
      expect((await client.register(aStudent({ name: other }))).status).toBe(201);
    },
  );

  // Names with control characters have keys as well, but cannot be registered.
  it.each(read<Pair[]>('data/same-names.json').filter(isRegistrable))(
    'takes for one: $why',
    async ({ one, other }) => {
      await forgetEverybody();
      const { password } = await client.enrol({ name: one });
      expect(told(await client.register(aStudent({ name: other })))).toEqual(
        saying(409, 'The name is already taken.'),
      );
      expect((await client.login(other, password)).status).toBe(200);
    },
  );
});

/** `{"message": …}` and nothing else, on that field alone. */
const aFaultOf = (field: string): unknown =>
  expect.stringMatching(new RegExp(`^\\{"message":"${field} [^"]+"\\}$`));

describe('every naughty string', () => {
  it(
    'as a name registers and logs in again, or is a clean 400',
    async () => {
      await forgetEverybody();
      const keys = NAUGHTY.map(loginKey);
      const isShared = (name: string) => keys.filter((key) => key === loginKey(name)).length > 1;
      const taken: string[] = [];
      await forEach(NAUGHTY, async (name) => {
        const student = aStudent({ name });
        const answer = await client.register(student);
        if (answer.status === 201) {
          taken.push(name);
          expect((await client.login(name, student.password)).status).toBe(200);
        } else if (answer.status !== 409 || !isShared(name)) {
          expect([name, answer.status, answer.text]).toEqual([name, 400, aFaultOf('name')]);
        }
      });
      expect(taken.length).toBeGreaterThan(200);
    },
    PATIENCE_MS,
  );

  it(
    'as an e-mail registers and logs in again, or is a clean 400',
    async () => {
      await forgetEverybody();
      await forEach(NAUGHTY, async (email) => {
        const student = aStudent({ email });
        const answer = await client.register(student);
        if (answer.status === 201) expect((await client.login(email, student.password)).status).toBe(200);
        else expect([answer.status, answer.text]).toEqual([400, aFaultOf('email')]);
      });
    },
    PATIENCE_MS,
  );

  it(
    'as a password registers and logs in again, or is a clean 400',
    async () => {
      await forgetEverybody();
      let taken = 0;
      await forEach(NAUGHTY, async (password) => {
        const student = aStudent({ password });
        const answer = await client.register(student);
        if (answer.status === 201) {
          taken += 1;
          expect((await client.login(student.name, password)).status).toBe(200);
          expect((await client.login(student.name, `${password}x`)).status).toBe(401);
        } else {
          expect([answer.status, answer.text]).toEqual([400, aFaultOf('password')]);
        }
      });
      expect(taken).toBeGreaterThan(400);
    },
    PATIENCE_MS,
  );
});
