import { nameOf, PASSWORD, publicId, ROTATION, STUDENTS, tokenOf } from './students.mjs';

/** The ids read are spread over all students: student 1 reads 10, student 2 reads 20, and so on. */
const SPREAD = STUDENTS / ROTATION;
const numbers = Array.from({ length: ROTATION }, (_, i) => i + 1);
const tokens = numbers.map(tokenOf);
const JSON_TYPE = { 'content-type': 'application/json' };

/** What is asked of a server for each work, in rotation: the same of every server, but for the paths of logins. */
export const getOne = numbers.map((n) => ({
  path: `/student/${publicId(n * SPREAD)}`,
  headers: { 'x-access-token': tokens[n - 1] },
}));

export const getPage = (limit) =>
  numbers.map((n) => ({ path: `/student?limit=${limit}`, headers: { 'x-access-token': tokens[n - 1] } }));

const logInAs = (n) => ({
  path: '/login',
  headers: { authorization: `Basic ${Buffer.from(`${nameOf(n)}:${PASSWORD}`).toString('base64')}` },
});

/** Students whose tokens nobody shows: a student has a hundred sessions at most, and a further login ends the first. */
export const login = numbers.map((n) => logInAs(ROTATION + n));

/** A few of them: autocannon makes each connection all its requests before it begins. */
export const floodLogin = login.slice(0, 16);

export const tutorialLogin = numbers.map((n) => ({
  method: 'POST',
  path: '/login',
  headers: JSON_TYPE,
  body: JSON.stringify({ name: nameOf(n), password: PASSWORD }),
}));

let registered = 0;

/** A student nobody has registered before, made anew for each request. */
export const register = [
  {
    method: 'POST',
    path: '/student',
    headers: JSON_TYPE,
    setupRequest: (request) => {
      registered += 1;
      const name = `newcomer${registered}`;
      const body = { name, email: `${name}@example.org`, password: PASSWORD };
      return { ...request, body: JSON.stringify(body) };
    },
  },
];

/** Sends the first of some requests; what is timed later is looked at now. */
export async function check({ name, url }, [request], isRight) {
  const { path, method = 'GET', headers, setupRequest = (same) => same } = request;
  const { body } = setupRequest(request);
  const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const answer = await response.json();
  if (response.status >= 300 || !isRight(answer))
    throw new Error(`${name}, ${method} ${path}: ${response.status} ${JSON.stringify(answer).slice(0, 200)}`);
}
