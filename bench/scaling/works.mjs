import { AGENT } from './fill.mjs';

const STUDENTS = 200;
const CHECKS = 5_000;
const AT_ONCE = 8;
const PASSWORD = 'correct horse battery';

/**
 * What students do, in an order in which each finds what it needs. `run` resolves to how many requests it made.
 * @param {string} round a letter, in the names of the students of this round
 */
export function works(url, round) {
  const students = Array.from({ length: STUDENTS }, (_, nth) => ({
    name: `bench ${round} ${nth}`,
    address: `198.51.100.${nth}`,
    pair: undefined,
    path: undefined,
  }));
  const logIn = async (student, password = PASSWORD) =>
    await send(url, student, 'POST', '/login', { name: student.name, password });
  return [
    each('registration', students, async (student) => {
      const email = `${student.name.replaceAll(' ', '.')}@school.example`;
      const answer = await send(url, student, 'POST', '/student', {
        name: student.name,
        email,
        password: PASSWORD,
      });
      expectStatus(answer, 201);
      student.path = answer.headers.get('location');
    }),
    each('login, new address', students, async (student) => expectStatus(await logIn(student), 200)),
    each('login, known address', students, async (student) => {
      const answer = await logIn(student);
      expectStatus(answer, 200);
      student.pair = answer.json;
    }),
    each('refresh', students, async (student) => {
      const answer = await send(url, student, 'POST', '/token/refresh', {
        refresh_token: student.pair.refresh_token,
      });
      expectStatus(answer, 200);
      student.pair = answer.json;
    }),
    each('failed login', students, async (student) => expectStatus(await logIn(student, 'wrong horse'), 401)),
    each(
      'token-checked GET',
      Array.from({ length: CHECKS }, (_, nth) => students[nth % STUDENTS]),
      async (student) => expectStatus(await send(url, student, 'GET', student.path), 200),
    ),
  ];
}

function each(name, items, work) {
  return {
    name,
    run: async () => {
      const left = items.values();
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (const item of left) await work(item);
        }),
      );
      return items.length;
    },
  };
}

async function send(url, { address, pair }, method, path, body) {
  const headers = { 'x-forwarded-for': address, 'user-agent': AGENT };
  if (body !== undefined) headers['content-type'] = 'application/json';
  else headers['x-access-token'] = pair.token;
  const response = await fetch(url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
}

function expectStatus({ status, text }, expected) {
  if (status !== expected) throw new Error(`${status} ${text} instead of ${expected}`);
}
