import { encodeCursor } from '../src/common/cursor.js';
import { type Answer, Client, nextOf } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { startApp, type TestApp } from './support/start-app.js';
import { saying, told } from './support/told.js';

interface Entry {
  readonly name: string;
  readonly email: string;
  readonly public_id: string;
  readonly role: string;
}

/** In order of registration; the keys they have are what `?q=` is about. */
const ROSTER = [
  ['kim', 'kim@naver.com'],
  ['Lee', 'a.lee@naver.com'],
  ['a_b', 'under@example.org'],
  ['a%b', 'percent@example.org'],
  ['axb', 'plain@example.org'],
  ['a', 'z@example.org'],
  ['Änne', 'anne@example.org'],
  ['zz@example.net', 'zz@example.net'],
  ['\u{10ffff}last', 'last@example.org'],
  ['ZZtop', 'a-top@example.org'],
  ['한글', 'hangul@example.org'],
  ['back\\slash', "o'neil@example.org"],
] as const;

const ALL = ROSTER.map(([name]) => name);

describe('GET /student', () => {
  let test: TestApp;
  let client: Client;
  let token: string;

  beforeAll(async () => {
    test = await startApp({ throttle: false });
    client = new Client(test.url);
    for (const [name, email] of ROSTER) {
      const { publicId } = await client.enrol({ name, email });
      if (['Lee', 'a%b', 'ZZtop'].includes(name)) await makeAdmin(test, publicId);
    }
    token = await client.tokenOf('kim', 'correct horse battery');
  });

  afterAll(() => test.close());

  const studentsOf = ({ json }: Answer): Entry[] => (json as { students: Entry[] }).students;
  const namesOf = (answer: Answer): string[] => studentsOf(answer).map(({ name }) => name);
  const found = async (parameters: Record<string, string>): Promise<string[]> => {
    const answer = await client.get(`/student?${new URLSearchParams(parameters).toString()}`, token);
    expect(answer.status).toBe(200);
    return namesOf(answer);
  };

  /** The names of each page, by way of `Link` alone. */
  const walk = async (query: string): Promise<string[][]> => {
    const pages: string[][] = [];
    for (let next: string | undefined = `/student?${query}`; next !== undefined;) {
      const answer: Answer = await client.get(next, token);
      expect(answer.status).toBe(200);
      pages.push(namesOf(answer));
      next = nextOf(answer);
      if (pages.length > 50) throw new Error('the list does not end');
    }
    return pages;
  };

  const remove = async (publicId: string): Promise<void> => {
    await test.database.write((manager) =>
      test.database.executeWith(manager, 'DELETE FROM student WHERE public_id = $1', [publicId]),
    );
  };

  it('lists everybody in order of registration, with nothing but the four fields', async () => {
    const answer = await client.get('/student', token);
    expect(studentsOf(answer)).toEqual(
      ROSTER.map(([name, email]) => ({
        name,
        email,
        public_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        role: ['Lee', 'a%b', 'ZZtop'].includes(name) ? 'admin' : 'user',
      })),
    );
    expect(Object.keys(studentsOf(answer)[0] ?? {})).toEqual(['email', 'name', 'public_id', 'role']);
    expect(answer.headers.get('link')).toBeNull();
  });

  it.each([1, 2, 5, 11, 12, 1000])('shows each once in pages of %i', async (limit) => {
    const pages = await walk(`limit=${limit}`);
    expect(pages.flat()).toEqual(ALL);
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    expect(pages.at(-1)).not.toEqual([]);
  });

  it('keeps the parameters in Link, as an address of the same server', async () => {
    const answer = await client.get('/student?role=user&limit=2&q=a%25', token);
    expect(answer.headers.get('link')).toBeNull();
    const link = (await client.get('/student?role=user&limit=2&q=a', token)).headers.get('link');
    expect(link).toMatch(/^<\/student\?role=user&limit=2&q=a&cursor=[\w-]+>; rel="next"$/);
  });

  it('shows those who registered before the first page once, later ones at most once', async () => {
    const first = await client.get('/student?limit=11', token);
    const { publicId } = await client.enrol({ name: 'latecomer', email: 'late@example.org' });
    const second = await client.get(nextOf(first) ?? '', token);
    expect(namesOf(second)).toEqual(['back\\slash', 'latecomer']);
    await remove(publicId);
  });

  it('keeps those of a role', async () => {
    expect(await found({ role: 'admin' })).toEqual(['Lee', 'a%b', 'ZZtop']);
    expect(await walk('role=admin&limit=1')).toEqual([['Lee'], ['a%b'], ['ZZtop']]);
    expect((await walk('role=user&limit=4')).flat()).toEqual(
      ALL.filter((name) => !['Lee', 'a%b', 'ZZtop'].includes(name)),
    );
  });

  describe('with q', () => {
    it.each<[string, string[]]>([
      // By key: a, a%b, a-top@…, a.lee@…, a_b, anne@…, axb
      ['a', ['a', 'a%b', 'ZZtop', 'Lee', 'a_b', 'Änne', 'axb']],
      ['A', ['a', 'a%b', 'ZZtop', 'Lee', 'a_b', 'Änne', 'axb']],
      ['a%', ['a%b']],
      ['a_', ['a_b']],
      ['%', []],
      ['_', []],
      ['*', []],
      ['back\\', ['back\\slash']],
      ["o'", ['back\\slash']],
      ['kim', ['kim']],
      ['kim@naver.com', ['kim']],
      ['KIM@NAVER.com', ['kim']],
      ['kim@naver.com.', []],
      ['im', []],
      ['zz', ['zz@example.net', 'ZZtop']],
      ['ä', ['Änne']],
      ['A\u0308', ['Änne']],
      ['한', ['한글']],
      ['\u{10ffff}', ['\u{10ffff}last']],
      ['la', ['\u{10ffff}last']],
      ['  kim  ', ['kim']],
      ['nobody', []],
    ])('%j finds by the start of name or e-mail, in the order of the key: %j', async (q, names) => {
      expect(await found({ q })).toEqual(names);
      expect((await walk(`${new URLSearchParams({ q }).toString()}&limit=1`)).flat()).toEqual(names);
    });

    it('of nothing finds everybody, each once, where the first of the two keys stands', async () => {
      const keys = ROSTER.map(([name, email]) => ({
        name,
        // Latin, '@' and the like sort by their bytes; nobody here has a key that folds to something longer.
        key: [name, email].map((text) => text.toLowerCase()).sort(byBytes)[0] ?? '',
      }));
      const names = keys.sort((one, other) => byBytes(one.key, other.key)).map(({ name }) => name);
      expect(await found({ q: '' })).toEqual(names);
      for (const limit of [1, 3, 5]) expect((await walk(`q=&limit=${limit}`)).flat()).toEqual(names);
    });

    it('and a role keeps both', async () => {
      expect(await found({ q: 'a', role: 'admin' })).toEqual(['a%b', 'ZZtop', 'Lee']);
      expect(await walk('q=a&role=admin&limit=2')).toEqual([['a%b', 'ZZtop'], ['Lee']]);
      expect(await found({ q: 'a', role: 'user' })).toEqual(['a', 'a_b', 'Änne', 'axb']);
    });

    it('and a role follows a change of the role and of the name', async () => {
      const admin = await client.join({ name: 'qadmin', email: 'qadmin@example.org' });
      await makeAdmin(test, admin.publicId);
      const change = async (json: object): Promise<void> => {
        const answer = await client.send('PATCH', `/student/${publicId}`, { token: admin.token, json });
        expect(answer.status).toBe(200);
      };
      const { publicId } = await client.enrol({ name: 'quinn', email: 'quinn@example.org' });
      expect(await found({ q: 'q', role: 'user' })).toEqual(['quinn']);
      await change({ name: 'q-quinn', role: 'admin' });
      expect(await found({ q: 'q', role: 'admin' })).toEqual(['q-quinn', 'qadmin']);
      expect(await found({ q: 'q', role: 'user' })).toEqual([]);
      await change({ role: 'user' });
      expect(await found({ q: 'q', role: 'admin' })).toEqual(['qadmin']);
      expect(await found({ q: 'q', role: 'user' })).toEqual(['q-quinn']);
      for (const each of [publicId, admin.publicId]) await remove(each);
    });

    it('does not show what stands before it, whatever the cursor', async () => {
      const cursor = encodeCursor('students-by-key', ['a']);
      expect(await found({ q: 'kim', cursor })).toEqual(['kim']);
    });
  });

  const LIMIT = 'limit must be a whole number from 1 to 1000';
  const CURSOR = 'cursor is not valid';

  it.each<[string, string]>([
    ['limit=0', LIMIT],
    ['limit=1001', LIMIT],
    ['limit=-1', LIMIT],
    ['limit=1.5', LIMIT],
    ['limit=1e2', LIMIT],
    ['limit=%2B5', LIMIT],
    ['limit=+5', LIMIT],
    ['limit=0x10', LIMIT],
    ['limit=ten', LIMIT],
    ['limit=', LIMIT],
    ['limit=5&limit=6', LIMIT],
    ['limit=99999999999999999999', LIMIT],
    ['limit=%D9%A3', LIMIT],
    ['role=owner', 'role must be user or admin'],
    ['role=ADMIN', 'role must be user or admin'],
    ['role=', 'role must be user or admin'],
    ['role=user&role=admin', 'role must be user or admin'],
    ['q=a&q=b', 'q must be given once'],
    ['q=%00', 'q must not contain NUL or unpaired surrogates'],
    ['cursor=', CURSOR],
    ['cursor=x', CURSOR],
    ['cursor=12', CURSOR],
    ['cursor=%00', 'cursor must not contain NUL or unpaired surrogates'],
    ['cursor=a&cursor=b', CURSOR],
    [`cursor=${encodeCursor('sessions', ['a', 1])}`, CURSOR],
    [`cursor=${encodeCursor('students', ['1'])}`, CURSOR],
    [`cursor=${encodeCursor('students', [1, 2])}`, CURSOR],
    [`cursor=${encodeCursor('students', [])}`, CURSOR],
    [`cursor=${encodeCursor('students', [1.5])}`, CURSOR],
    [`cursor=${encodeCursor('students', [2 ** 60])}`, CURSOR],
    [`cursor=${encodeCursor('students', [1])}%3D`, CURSOR],
    [`cursor=${encodeCursor('students', [1])}&q=a`, CURSOR],
    [`cursor=${encodeCursor('students-by-key', ['a'])}`, CURSOR],
    [`cursor=${encodeCursor('students-by-key', ['a\0'])}&q=a`, CURSOR],
    [`cursor=${encodeCursor('students-by-key', [1])}&q=a`, CURSOR],
    ['limit=0&role=x&q=a&q=b', `${LIMIT}; role must be user or admin; q must be given once`],
  ])('refuses %s', async (query, message) => {
    const answer = await client.get(`/student?${query}`, token);
    const { message: said } = answer.json as { message: string };
    expect([answer.status, said.split('; ').sort()]).toEqual([400, message.split('; ').sort()]);
    expect(told(answer)).toEqual(saying(400, said));
  });

  it.each([2 ** 31, 2 ** 31 - 1, Number.MAX_SAFE_INTEGER, -1, Number.MIN_SAFE_INTEGER])(
    'answers a cursor of our form that no page ever gave, at %i, without a fault',
    async (id) => {
      const answer = await client.get(`/student?cursor=${encodeCursor('students', [id])}`, token);
      expect([200, 400]).toContain(answer.status);
    },
  );

  it('ignores parameters that it does not know', async () => {
    expect(await found({ page: '2', offset: '5', __proto__x: '1' })).toEqual(ALL);
  });

  it('asks for a token before it looks at the parameters', async () => {
    expect((await client.get('/student?limit=0')).status).toBe(401);
  });
});

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
