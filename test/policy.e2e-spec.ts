import { randomUUID } from 'node:crypto';
import type { Settings } from '../src/config/settings.js';
import { AdminsService } from '../src/students/admins.service.js';
import { aStudent } from './factories/student.js';
import { basic, Client, type Member, publicIdOf } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { routesOf } from './support/routes.js';
import { startApp, type TestApp } from './support/start-app.js';
import { sessionIdOf } from './support/token-pairs.js';

/** Who asks, and of whom: each of the first four of the student, the admins of themselves. */
const COLUMNS = [
  'nobody',
  'the student',
  'another student',
  'an admin',
  'one of two admins, of oneself',
  'the last admin, of oneself',
] as const;

/** One cell: who sends the request, and whom it is about. */
interface Cell {
  readonly who: Member | undefined;
  readonly whom: Member;
}

interface Sent {
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Row {
  readonly route: string;
  /** What it is sent with, where one route has several rows. */
  readonly with?: string;
  readonly send?: (cell: Cell) => Sent;
  /** Statuses in the order of COLUMNS. */
  readonly open: string;
  /** The same where both doors are closed; else as `open`. */
  readonly closed?: string;
}

const ANYBODY = '200 200 200 200 200 200';
const ANY_STUDENT = '401 200 200 200 200 200';
const OWNER_OR_ADMIN = '401 200 403 200 200 200';
const ADMIN = '401 403 403 200 200 200';
const isOneself = ({ who, whom }: Cell): boolean => who?.publicId === whom.publicId;
const withPassword = (cell: Cell): object =>
  isOneself(cell) ? { current_password: cell.whom.password } : {};
const withBasic = ({ who }: Cell): Sent =>
  who ? { headers: { authorization: basic(who.email, who.password) } } : {};

const ROWS: readonly Row[] = [
  { route: 'GET /login', send: withBasic, open: ANY_STUDENT },
  { route: 'POST /login', send: withBasic, open: ANY_STUDENT },
  {
    route: 'POST /login',
    with: 'the credentials as JSON',
    send: ({ who }) => ({
      json: { email: who?.email ?? 'nobody@example.org', password: who?.password ?? 'x' },
    }),
    open: ANY_STUDENT,
  },
  {
    route: 'POST /token/refresh',
    with: 'a token that is none',
    send: () => ({ json: { refresh_token: 'x' } }),
    open: '401 401 401 401 401 401',
  },
  { route: 'POST /logout', open: ANY_STUDENT },
  { route: 'GET /me', open: ANY_STUDENT },
  { route: 'GET /session', open: ANY_STUDENT },
  { route: 'DELETE /session', open: ANY_STUDENT },
  { route: 'DELETE /session/:id', open: '401 200 404 404 200 200' },
  {
    route: 'POST /student',
    send: () => ({ json: aStudent() }),
    open: '201 201 201 201 201 201',
    closed: '401 403 403 201 201 201',
  },
  { route: 'GET /student', open: ANY_STUDENT, closed: ADMIN },
  { route: 'GET /student/:public_id', open: ANY_STUDENT, closed: OWNER_OR_ADMIN },
  {
    route: 'PATCH /student/:public_id',
    with: 'name',
    send: () => ({ json: { name: randomUUID() } }),
    open: OWNER_OR_ADMIN,
  },
  {
    route: 'PATCH /student/:public_id',
    with: 'email',
    send: (cell) => ({ json: { email: cell.whom.email, ...withPassword(cell) } }),
    open: OWNER_OR_ADMIN,
  },
  {
    route: 'PATCH /student/:public_id',
    with: 'role: admin',
    send: () => ({ json: { role: 'admin' } }),
    open: ADMIN,
  },
  {
    route: 'PATCH /student/:public_id',
    with: 'role: user',
    send: () => ({ json: { role: 'user' } }),
    open: '401 403 403 200 200 409',
  },
  {
    route: 'PUT /student/:public_id/password',
    send: (cell) => ({ json: { new_password: cell.whom.password, ...withPassword(cell) } }),
    open: OWNER_OR_ADMIN,
  },
  {
    route: 'DELETE /student/:public_id',
    send: (cell) => (isOneself(cell) ? { json: withPassword(cell) } : {}),
    open: '401 200 403 200 200 409',
  },
  { route: 'GET /audit', open: ADMIN },
  { route: 'GET /student/:public_id/session', open: ADMIN },
  { route: 'DELETE /student/:public_id/session', open: ADMIN },
  { route: 'DELETE /student/:public_id/session/:id', open: ADMIN },
  { route: 'GET /.well-known/jwks.json', open: ANYBODY },
  { route: 'GET /health/live', open: ANYBODY },
  { route: 'GET /health/ready', open: ANYBODY },
  // Of the loopback interface; `metrics.e2e-spec.ts` has the others.
  { route: 'GET /metrics', open: ANYBODY },
];

/** The pages of the documentation: whatever files they are made of, anybody may read them. */
const isDocumentation = (route: string): boolean => /^GET \/docs(?:\W|$)/.test(route);

class Cells {
  private readonly client: Client;
  private forReading: Cell[] | undefined;

  /** @param root the first admin, who is the last one whenever a cell with the last admin comes */
  constructor(
    private readonly app: TestApp,
    private root: Member,
  ) {
    this.client = new Client(app.url);
  }

  /** The statuses of a row, in the order of COLUMNS. Requests that change something have cells of their own. */
  async statuses(method: string, path: string, send: Row['send']): Promise<string> {
    const statuses: number[] = [];
    const reads = method === 'GET' || method === 'HEAD';
    if (reads) this.forReading ??= await Promise.all(COLUMNS.map((column) => this.cell(column)));
    else await this.forgetStudents();
    for (const [index, column] of COLUMNS.entries()) {
      const cell = this.forReading?.[index] ?? (await this.cell(column));
      statuses.push(await this.status(method, path, cell, send?.(cell) ?? {}));
      if (!reads) await this.forgetStudents();
    }
    return statuses.join(' ');
  }

  private async cell(column: (typeof COLUMNS)[number]): Promise<Cell> {
    const root = await this.rootLoggedIn();
    if (column === 'the last admin, of oneself') return { who: root, whom: root };
    const student = await this.join(root);
    switch (column) {
      case 'nobody':
        return { who: undefined, whom: student };
      case 'the student':
        return { who: student, whom: student };
      case 'another student':
        return { who: await this.join(root), whom: student };
      case 'an admin':
        return { who: root, whom: student };
      case 'one of two admins, of oneself':
        await makeAdmin(this.app, student.publicId);
        return { who: student, whom: student };
    }
  }

  private async rootLoggedIn(): Promise<Member> {
    if ((await this.client.get('/me', this.root.token)).status !== 200) {
      const { email, password } = this.root;
      this.root = { ...this.root, token: await this.client.tokenOf(email, password) };
    }
    return this.root;
  }

  private async join(root: Member): Promise<Member> {
    const student = aStudent();
    const publicId = publicIdOf(await this.client.register(student, root.token));
    return { ...student, publicId, token: await this.client.tokenOf(student.name, student.password) };
  }

  private async status(method: string, path: string, { who, whom }: Cell, { json, headers }: Sent) {
    const filled = path.replace(':public_id', whom.publicId).replace(':id', sessionIdOf(whom.token));
    const response = await fetch(this.app.url + filled, {
      method,
      headers: {
        ...(who ? { 'x-access-token': who.token } : {}),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  /** All but the first admin, who is the last one again. */
  private async forgetStudents(): Promise<void> {
    this.forReading = undefined;
    await this.app.database.write(async (manager) => {
      await this.app.database.executeWith(manager, 'DELETE FROM student WHERE public_id <> $1', [
        this.root.publicId,
      ]);
    });
  }
}

async function start(doors: Pick<Settings, 'registration' | 'roster'>): Promise<[TestApp, Cells]> {
  const app = await startApp({ throttle: false, ...doors });
  const root = aStudent();
  const caller = { actor: null, ip: '127.0.0.1', userAgent: 'a test', requestId: 'a-test' };
  await app.app.get(AdminsService).createOrPromote(root, caller);
  const [row] = await app.database.query<{ public_id: string }>('SELECT public_id FROM student');
  return [app, new Cells(app, { ...root, publicId: row?.public_id ?? '', token: '' })];
}

describe.each([
  { registration: 'open', roster: 'students' },
  { registration: 'admins', roster: 'admins' },
] as const)('with REGISTRATION=$registration and ROSTER=$roster', (doors) => {
  let app: TestApp;
  let cells: Cells;
  beforeAll(async () => ([app, cells] = await start(doors)));
  afterAll(async () => await app.close());

  it('each route answers each caller as the table says, and there is no route beside the table', async () => {
    const expected: Record<string, string> = {};
    const actual: Record<string, string> = {};
    const routes = routesOf(app).filter((route) => !route.startsWith('HEAD '));
    for (const { route, with: label, send, open, closed } of ROWS) {
      const statuses = doors.roster === 'admins' ? (closed ?? open) : open;
      const [method = '', path = ''] = route.split(' ');
      // HEAD is let in, and kept out, exactly as GET is.
      for (const each of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
        const title = `${each} ${path}${label === undefined ? '' : ` (${label})`}`;
        expected[title] = statuses;
        actual[title] = await cells.statuses(each, path, send);
      }
    }
    for (const route of routes.filter(isDocumentation)) {
      expected[route] = ANYBODY;
      actual[route] = await cells.statuses('GET', route.replace('GET ', ''), undefined);
    }
    expect(actual).toEqual(expected);
    const inTable = new Set(ROWS.map(({ route }) => route));
    expect(routes.filter((route) => !isDocumentation(route))).toEqual([...inTable].sort());
  });
});

describe('a closed door', () => {
  it('of the registry alone leaves the list open, and the other way round', async () => {
    for (const doors of [
      { registration: 'admins', roster: 'students' },
      { registration: 'open', roster: 'admins' },
    ] as const) {
      const [app, cells] = await start(doors);
      const [registry, roster] = [doors.registration === 'admins', doors.roster === 'admins'];
      const one = () => ({ json: aStudent() });
      expect(await cells.statuses('POST', '/student', one)).toBe(
        registry ? '401 403 403 201 201 201' : '201 201 201 201 201 201',
      );
      expect(await cells.statuses('GET', '/student', undefined)).toBe(roster ? ADMIN : ANY_STUDENT);
      await app.close();
    }
  });

  it('is told of before the faults of a body, and after those of its form', async () => {
    const [app] = await start({ registration: 'admins', roster: 'admins' });
    const client = new Client(app.url);
    const broken = await client.send('POST', '/student', {
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
    expect((await client.register({ name: 5 })).json).toEqual({ message: 'Token is missing!' });
    await app.close();
  });
});
