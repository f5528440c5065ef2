import type { TestApp } from './start-app.js';
import { aStudent } from '../factories/student.js';
import { encodeCursor } from '../../src/common/cursor.js';
import { AUDIT_ACTIONS } from '../../src/audit/audit-action.js';
import { type Answer, basic, Client, type Member, nextOf } from './client.js';
import { makeAdmin } from './make-admin.js';
import { openSession, pairOf, refresh, sessionIdOf } from './token-pairs.js';

/** Every request there is, in each of the ways that make a difference to the database. */
export async function sendEveryRequest(test: TestApp): Promise<void> {
  const client = new Client(test.url);
  const admin = await client.join();
  await makeAdmin(test, admin.publicId);
  const kim = await client.join();
  await register(client, kim);
  await logIn(client, kim);
  await rotate(test, client, kim);
  await listStudents(client, admin);
  await listAudit(client, admin, kim);
  await listSessions(client, admin, kim);
  await changeAccounts(client, admin);
  await endSessions(client, admin);
  await exhaust(client);
  for (const path of ['/health/ready', '/health/live', '/metrics', '/.well-known/jwks.json', '/docs-json'])
    expectStatus(await fetchPlain(test.url + path), 200);
}

async function register(client: Client, kim: Member): Promise<void> {
  expectStatus(await client.register(aStudent({ name: kim.name })), 409);
  expectStatus(await client.register(aStudent({ email: kim.email })), 409);
}

async function logIn(client: Client, { name, email, password }: Member): Promise<void> {
  for (const userId of [name, email]) {
    expectStatus(await client.login(userId, password), 200);
    const headers = { authorization: basic(userId, password) };
    expectStatus(await client.send('POST', '/login', { headers }), 200);
    expectStatus(await client.login(userId, 'wrong horse'), 401);
    expectStatus(await client.login(`${userId} of nobody`, 'wrong horse'), 401);
  }
  expectStatus(await client.send('POST', '/login', { json: { email, password } }), 200);
  const response = await fetch(`${client.url}/login`, {
    method: 'HEAD',
    headers: { authorization: basic(name, password) },
  });
  expectStatus(response, 200);
}

async function rotate({ clock, settings }: TestApp, client: Client, kim: Member): Promise<void> {
  const first = await openSession(client, kim);
  const second = pairOf(await refresh(client, first.refresh_token));
  pairOf(await refresh(client, first.refresh_token));
  clock.advance(settings.refreshReuseGrace);
  expectStatus(await refresh(client, first.refresh_token), 401);
  expectStatus(await client.get('/me', second.token), 401);
}

async function listStudents(client: Client, { token, publicId }: Member): Promise<void> {
  for (const query of [
    '',
    'role=user',
    'role=admin',
    'q=',
    'q=s',
    'q=student%20100',
    'q=s&role=user',
    'q=s&role=admin',
  ])
    await twoPages(client, `/student?limit=1&${query}`, token);
  for (const cursor of [encodeCursor('students', [400]), encodeCursor('students', [2 ** 40])])
    expectStatus(await client.get(`/student?cursor=${cursor}`, token), 200);
  const deep = encodeCursor('students-by-key', ['student.5']);
  for (const role of ['', '&role=user', '&role=admin'])
    expectStatus(await client.get(`/student?q=s&cursor=${deep}${role}`, token), 200);
  expectStatus(await client.get(`/student/${publicId}`, token), 200);
  expectStatus(await client.get('/student/nobody', token), 404);
}

async function listAudit(client: Client, { token }: Member, { publicId }: Member): Promise<void> {
  const filters = [`student=${publicId}`, `action=login`, 'since=2020-01-01T00:00:00Z'];
  for (let chosen = 0; chosen < 1 << filters.length; chosen += 1) {
    const query = filters.filter((_filter, nth) => chosen & (1 << nth)).join('&');
    await twoPages(client, `/audit?limit=1&${query}`, token);
  }
  for (const action of AUDIT_ACTIONS)
    expectStatus(await client.get(`/audit?student=${publicId}&action=${action}`, token), 200);
  expectStatus(await client.get('/audit?since=2999-01-01T00:00:00Z', token), 200);
}

async function listSessions(client: Client, admin: Member, kim: Member): Promise<void> {
  await twoPages(client, '/session?limit=1', kim.token);
  await twoPages(client, `/student/${kim.publicId}/session?limit=1`, admin.token);
  await twoPages(client, `/student/${kim.publicId}/session?limit=1&ended=true`, admin.token);
}

async function changeAccounts(client: Client, admin: Member): Promise<void> {
  const lee = await client.join();
  const path = `/student/${lee.publicId}`;
  const patch = async (token: string, json: object): Promise<void> =>
    expectStatus(await client.send('PATCH', path, { token, json }), 200);
  await patch(lee.token, { name: `${lee.name} the second` });
  await patch(lee.token, { email: `new.${lee.email}`, current_password: lee.password });
  await patch(admin.token, { name: lee.name, email: lee.email });
  await client.send('PATCH', path, { token: admin.token, json: { name: admin.name } });
  const current = { current_password: lee.password, new_password: 'battery horse correct' };
  expectStatus(await client.send('PUT', `${path}/password`, { token: lee.token, json: current }), 200);
  const anew = { new_password: lee.password };
  expectStatus(await client.send('PUT', `${path}/password`, { token: admin.token, json: anew }), 200);
  await patch(admin.token, { role: 'admin' });
  await patch(admin.token, { role: 'user' });
  expectStatus(await client.send('DELETE', path, { token: admin.token }), 200);
  const park = await client.join();
  const json = { current_password: park.password };
  expectStatus(await client.send('DELETE', `/student/${park.publicId}`, { token: park.token, json }), 200);
}

async function endSessions(client: Client, admin: Member): Promise<void> {
  const choi = await client.join();
  const another = (): Promise<string> => client.tokenOf(choi.name, choi.password);
  const end = async (token: string, path: string): Promise<void> =>
    expectStatus(await client.send('DELETE', path, { token }), 200);
  await end(choi.token, `/session/${sessionIdOf(await another())}`);
  await end(choi.token, '/session');
  expectStatus(await client.send('POST', '/logout', { token: await another() }), 200);
  await end(admin.token, `/student/${choi.publicId}/session/${sessionIdOf(await another())}`);
  await end(admin.token, `/student/${choi.publicId}/session`);
}

/** As many failures as one account is let have from one address. */
async function exhaust(client: Client): Promise<void> {
  const { name } = await client.enrol();
  let status = 401;
  for (let failures = 0; status === 401 && failures < 20; failures += 1)
    ({ status } = await client.login(name, 'wrong horse'));
  if (status !== 429) throw new Error(`${status} instead of 429`);
}

async function twoPages(client: Client, path: string, token: string): Promise<void> {
  const first = await client.get(path, token);
  expectStatus(first, 200);
  const next = nextOf(first);
  if (next !== undefined) expectStatus(await client.get(next, token), 200);
}

async function fetchPlain(url: string): Promise<Response> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response;
}

function expectStatus(answer: Pick<Answer, 'status'>, status: number): void {
  if (answer.status !== status)
    throw new Error(`${answer.status} ${'text' in answer ? String(answer.text) : ''}`);
}
