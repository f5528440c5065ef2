import { encodeCursor } from '../../dist/src/common/cursor.js';
import { PASSWORD, ROTATION, tokenFor } from '../lib/students.mjs';
import { oneByOne } from './one-by-one.mjs';

const QUICK = 200;
/** Requests with a hash in them. */
const SLOW = 12;
/** More than the failures of one address that are let pass. */
const FAILURES = 110;
const STRANGER = '198.51.100.1';

/**
 * What is asked of a server on a database of each size. `slice` sends the requests of one slice; `prepare`, where there is
 * one, is run before the first.
 */
export async function worksOn({ url }, { size, ask }) {
  const members = await membersOf(size, ask);
  const inTurn = rotation(members);
  const read = (pathOf) => ({
    slice: slices(url, QUICK, 200, () => {
      const member = inTurn();
      return { path: pathOf(member), headers: { 'x-access-token': member.token } };
    }),
  });
  const lastPage = `/student?limit=100&cursor=${encodeCursor('students', [size - 100])}`;
  return {
    'GET one': read(({ publicId }) => `/student/${publicId}`),
    'first page of 100': read(() => '/student?limit=100'),
    'last page of 100': read(() => lastPage),
    '`?q=` with one letter': read(() => '/student?q=s&limit=10'),
    '`?q=` with ten': read(() => '/student?q=student%2010&limit=10'),
    '`?q=` with one letter, `?role=admin`': read(() => '/student?q=s&role=admin&limit=10'),
    'login look-up': lookUp(url, size),
    'change of name': {
      slice: slices(url, QUICK, 200, () => {
        const { publicId, token } = inTurn();
        return {
          method: 'PATCH',
          path: `/student/${publicId}`,
          headers: { 'x-access-token': token },
          json: { name: newcomer() },
        };
      }),
    },
    registration: {
      slice: slices(url, SLOW, 201, () => {
        const name = newcomer();
        return {
          method: 'POST',
          path: '/student',
          headers: { 'x-forwarded-for': anyAddress() },
          json: { name, email: `${name.replaceAll(' ', '.')}@school.example`, password: PASSWORD },
        };
      }),
    },
  };
}

/**
 * A login as far as it goes without a hash: an address that has failed too often is refused (429) once the account has
 * been looked up.
 */
function lookUp(url, size) {
  const login = () => {
    const name = `student ${1 + Math.floor(Math.random() * size)}`;
    return {
      path: '/login',
      headers: {
        authorization: `Basic ${Buffer.from(`${name}:wrong horse`).toString('base64')}`,
        'x-forwarded-for': STRANGER,
      },
    };
  };
  return {
    prepare: async () => {
      for (let failed = 0; failed < FAILURES; failed += 1) {
        const { path, headers } = login();
        await (await fetch(url + path, { headers })).text();
      }
    },
    slice: slices(url, QUICK, 429, login),
  };
}

function slices(url, count, status, make) {
  const send = oneByOne(url, make, status);
  return () => send(count);
}

/** Students spread over all, with a token of the session that each has. */
async function membersOf(size, ask) {
  const step = size / ROTATION;
  const rows = await ask(
    `SELECT st.public_id, s.id FROM student st JOIN session s ON s.student_id = st.id WHERE st.id % ${step} = 0`,
  );
  return rows.map(({ public_id: publicId, id }) => ({ publicId, token: tokenFor(publicId, id) }));
}

function rotation(members) {
  let turn = 0;
  return () => members[turn++ % members.length];
}

let newcomers = 0;

/** A name that nobody has, somewhere among all. */
function newcomer() {
  newcomers += 1;
  return `student ${Math.random().toString().slice(2, 8)} ${newcomers}`;
}

function anyAddress() {
  return `10.${newcomers >> 16}.${(newcomers >> 8) & 255}.${newcomers & 255}`;
}
