import { Client, basic } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { pairOf } from './support/token-pairs.js';

let test: TestApp;
let client: Client;

beforeEach(async () => {
  test = await startApp({ throttle: false, logLevel: 'trace' });
  client = new Client(test.url);
});

afterEach(() => test.close());

describe('the log', () => {
  it('has a line a request: its id, route, method, status and duration', async () => {
    const { publicId, token } = await client.join();
    await client.send('GET', `/student/${publicId}?secret=1`, {
      token,
      headers: { 'x-request-id': 'find-me' },
    });
    const line = test.logged().find(({ requestId, msg }) => requestId === 'find-me' && msg === 'request');
    expect(line).toMatchObject({ method: 'GET', route: '/student/:public_id', status: 200 });
    expect(line?.['durationMs']).toEqual(expect.any(Number));
    expect(JSON.stringify(line)).not.toContain(publicId);
  });

  it('never holds a password, a token or a credential header, at whatever level', async () => {
    const password = 'canary-password-9Zq';
    const student = await client.enrol({ password });
    const token = await client.tokenOf(student.name, password);
    const pair = pairOf(await client.send('POST', '/login', { json: { name: student.name, password } }));
    const next = pairOf(
      await client.send('POST', '/token/refresh', { json: { refresh_token: pair.refresh_token } }),
    );
    const canaries = [password, token, pair.token, pair.refresh_token, next.token, next.refresh_token];

    const wrong = 'canary-wrong-5Xw';
    await client.login(student.name, wrong);
    await client.login(`${wrong}-user`, wrong);
    await client.send('POST', '/login', { json: { email: student.email, password: wrong } });
    await client.get('/student', wrong);
    await client.send('GET', '/student', { headers: { authorization: `Bearer ${wrong}` } });
    await client.send('GET', `/student?token=${wrong}&x-access-token=${wrong}`, { token });
    await client.send('GET', `/nowhere/${wrong}`, { token });
    await client.send('POST', '/token/refresh', { json: { refresh_token: wrong } });
    await client.register({ name: wrong, email: wrong, password: wrong, [wrong]: wrong });
    await client.send('POST', '/student', {
      body: `{"password":"${wrong}"`,
      headers: { 'content-type': 'application/json' },
    });
    await client.send('PUT', `/student/${student.publicId}/password`, {
      token,
      json: { current_password: wrong, new_password: `${wrong}-new` },
    });
    await client.send('DELETE', `/student/${student.publicId}`, { token, json: { current_password: wrong } });
    canaries.push(wrong, basic(student.name, password), basic(student.name, wrong));
    await client.send('POST', '/logout', { token });

    const log = JSON.stringify(test.logged());
    expect(log.length).toBeGreaterThan(1000);
    for (const canary of canaries) expect(log).not.toContain(canary.replace(/^Basic /, ''));
  });

  it('tells of an unexpected fault what it is, and nothing of what was bound or sent', async () => {
    const { token } = await client.join();
    const fault = Object.assign(new Error('the wheel came off'), {
      code: 'WHEEL',
      parameters: ['canary-bound'],
    });
    test.database.query = () => Promise.reject(fault);
    const answer = await client.send('GET', '/student', { token, headers: { 'x-request-id': 'broken' } });
    expect([answer.status, answer.json]).toEqual([500, { message: 'Something went wrong.' }]);
    const line = test.logged().find(({ requestId, error }) => requestId === 'broken' && error !== undefined);
    expect(line).toMatchObject({ level: 50 });
    const said = JSON.stringify(line);
    for (const part of ['the wheel came off', 'WHEEL', 'stack']) expect(said).toContain(part);
    expect(said).not.toContain('canary-bound');
  });
});
