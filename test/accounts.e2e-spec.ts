import { randomUUID } from 'node:crypto';
import { Client, type Member } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { startApp, type TestApp } from './support/start-app.js';
import {
  COULD_NOT_VERIFY,
  NO_STUDENT,
  NOT_PERMITTED,
  saying,
  TOKEN_INVALID,
  TOKEN_MISSING,
  told,
} from './support/told.js';

const UPDATED = saying(200, 'The student has been updated!');
const PASSWORD_CHANGED = saying(200, 'The password has been changed!');
const DELETED = saying(200, 'The student has been deleted!');
const NAME_TAKEN = saying(409, 'The name is already taken.');
const EMAIL_TAKEN = saying(409, 'The e-mail is already taken.');
const CURRENT_PASSWORD_MISSING = saying(400, 'current_password is required');

let app: TestApp;
let client: Client;
let admin: Member;

beforeAll(async () => {
  app = await startApp({ throttle: false });
  client = new Client(app.url);
  admin = await client.join({ name: 'the admin' });
  await makeAdmin(app, admin.publicId);
});
afterAll(async () => await app.close());

const patch = async (who: { token?: string }, whom: { publicId: string }, changes: unknown) =>
  told(await client.send('PATCH', `/student/${whom.publicId}`, { token: who.token, json: changes }));

const put = async (who: { token?: string }, whom: { publicId: string }, change: unknown) =>
  told(await client.send('PUT', `/student/${whom.publicId}/password`, { token: who.token, json: change }));

const remove = async (who: { token?: string }, whom: { publicId: string }, body?: unknown) =>
  told(await client.send('DELETE', `/student/${whom.publicId}`, { token: who.token, json: body }));

const shown = async ({ publicId }: { publicId: string }) =>
  (await client.get(`/student/${publicId}`, admin.token)).json;

const login = async (userId: string, password: string) => (await client.login(userId, password)).status;
const me = async (token: string) => told(await client.get('/me', token));

describe('PATCH /student/{public_id}', () => {
  it("changes one's own name, without the password", async () => {
    const student = await client.join();
    expect(await patch(student, student, { name: '  Renamed One  ' })).toEqual(UPDATED);
    expect(await shown(student)).toEqual({
      students: [{ email: student.email, name: 'Renamed One', public_id: student.publicId, role: 'user' }],
    });
    expect(await login('renamed one', student.password)).toBe(200);
    expect(await login(student.name, student.password)).toBe(401);
  });

  it("changes one's own e-mail, with the current password beside it", async () => {
    const student = await client.join();
    const email = 'moved@example.org';
    expect(await patch(student, student, { email })).toEqual(CURRENT_PASSWORD_MISSING);
    expect(await patch(student, student, { email, current_password: 'not the password' })).toEqual(
      NOT_PERMITTED,
    );
    expect(await login(student.email, student.password)).toBe(200);
    expect(await patch(student, student, { email, current_password: student.password })).toEqual(UPDATED);
    expect(await login(email, student.password)).toBe(200);
    expect(await login(student.email, student.password)).toBe(401);
  });

  it('asks for the password also when the e-mail comes with a name, and then changes neither', async () => {
    const student = await client.join();
    const changes = { name: 'never taken', email: 'never@example.org' };
    expect(await patch(student, student, changes)).toEqual(CURRENT_PASSWORD_MISSING);
    expect(await patch(student, student, { ...changes, current_password: 'wrong' })).toEqual(NOT_PERMITTED);
    expect(await me(student.token)).toEqual({
      status: 200,
      json: {
        student: { email: student.email, name: student.name, public_id: student.publicId, role: 'user' },
      },
    });
  });

  it('lets an admin change name and e-mail of another, without a password', async () => {
    const student = await client.join();
    expect(await patch(admin, student, { name: 'by admin', email: 'by.admin@example.org' })).toEqual(UPDATED);
    expect(await shown(student)).toEqual({
      students: [
        { email: 'by.admin@example.org', name: 'by admin', public_id: student.publicId, role: 'user' },
      ],
    });
    expect((await me(student.token)).status).toBe(200);
  });

  it("asks an admin too for the password beside the admin's own e-mail", async () => {
    const email = 'the.admin@example.org';
    expect(await patch(admin, admin, { email })).toEqual(CURRENT_PASSWORD_MISSING);
    expect(await patch(admin, admin, { email, current_password: 'wrong' })).toEqual(NOT_PERMITTED);
    expect(await patch(admin, admin, { email, current_password: admin.password })).toEqual(UPDATED);
  });

  it("lets nobody else change a student, and only an admin a role, one's own included", async () => {
    const student = await client.join();
    const other = await client.join();
    expect(await patch({}, student, { name: 'x' })).toEqual(TOKEN_MISSING);
    expect(await patch({ token: 'forged' }, student, { name: 'x' })).toEqual(TOKEN_INVALID);
    expect(await patch(other, student, { name: 'x' })).toEqual(NOT_PERMITTED);
    expect(await patch(student, student, { role: 'admin' })).toEqual(NOT_PERMITTED);
    expect(await patch(student, student, { role: 'user' })).toEqual(NOT_PERMITTED);
    expect(await patch(student, student, { name: 'x', role: 'admin' })).toEqual(NOT_PERMITTED);
    expect(await shown(student)).toMatchObject({ students: [{ name: student.name, role: 'user' }] });
  });

  it('tells a stranger 403 for what is nobody, an admin 404, and faults of fields in between', async () => {
    const student = await client.join();
    for (const publicId of [randomUUID(), 'nobody', '1', '%20']) {
      expect(await patch(student, { publicId }, { name: '' })).toEqual(NOT_PERMITTED);
      expect(await patch(admin, { publicId }, { name: '' })).toEqual(
        saying(400, 'name must be 1 to 50 characters'),
      );
      expect(await patch(admin, { publicId }, { name: 'x' })).toEqual(NO_STUDENT);
    }
  });

  it.each([
    [{}, 'name, email or role must be given'],
    [{ current_password: 'x' }, 'name, email or role must be given'],
    [{ name: null }, 'name must be a string'],
    [{ name: 7 }, 'name must be a string'],
    [{ name: ' ' }, 'name must be 1 to 50 characters'],
    [{ name: 'a:b' }, 'name must not contain a colon'],
    [{ email: 'nobody' }, 'email must be a valid e-mail address'],
    [{ name: 'x'.repeat(51), email: 5 }, 'name must be 1 to 50 characters; email must be a string'],
    [{ name: 'x', current_password: 5 }, 'current_password must be a string'],
    [{ name: 'x', id: 3 }, 'id is not allowed'],
    [{ name: 'x', public_id: 'y', password: 'z' }, 'public_id is not allowed; password is not allowed'],
    [{ name: 'x', new_password: 'y' }, 'new_password is not allowed'],
  ])('refuses %j', async (changes, message) => {
    const student = await client.join();
    expect(await patch(student, student, changes)).toEqual(saying(400, message));
  });

  it.each([['root'], [null], [true], ['Admin'], [['admin']]])('knows no role %j', async (role) => {
    const student = await client.enrol();
    expect(await patch(admin, student, { role })).toEqual(saying(400, 'role must be user or admin'));
  });

  it('takes a JSON body of at most 64 KiB, and nothing else', async () => {
    const student = await client.join();
    const send = async (body: string, type = 'application/json') =>
      told(
        await client.send('PATCH', `/student/${student.publicId}`, {
          token: student.token,
          headers: { 'content-type': type },
          body,
        }),
      );
    expect(await send('{"name":')).toEqual(saying(400, 'The body is not valid JSON.'));
    expect(await send('["name"]')).toEqual(saying(400, 'The body must be a JSON object.'));
    expect(await send('name=x', 'application/x-www-form-urlencoded')).toEqual(
      saying(415, 'The body must be JSON in UTF-8.'),
    );
    expect(await send(JSON.stringify({ name: 'x'.repeat(64 * 1024) }))).toEqual(
      saying(413, 'The body is too large.'),
    );
  });

  it('frees the old name and e-mail for others', async () => {
    const student = await client.join();
    const changes = { name: 'moved on', email: 'moved.on@example.org', current_password: student.password };
    expect(await patch(student, student, changes)).toEqual(UPDATED);
    const next = await client.enrol({ name: student.name, email: student.email });
    expect(await login(student.name, next.password)).toBe(200);
  });

  it('refuses what another holds, as name or as e-mail, in any form with the same key', async () => {
    const holder = await client.join({ name: 'Håkon Holder', email: 'holder@example.org' });
    const student = await client.join();
    const asEmail = await client.join({ name: 'someone@example.org' });
    for (const name of [
      'Håkon Holder',
      'HA\u030aKON  HOLDER',
      'holder@example.org',
      'ＨＯＬＤＥＲ@example.org',
    ]) {
      expect(await patch(student, student, { name })).toEqual(NAME_TAKEN);
      expect(await patch(admin, student, { name })).toEqual(NAME_TAKEN);
    }
    for (const email of [holder.email, 'HOLDER@example.org', asEmail.name]) {
      expect(await patch(admin, student, { email })).toEqual(EMAIL_TAKEN);
      expect(await patch(student, student, { email, current_password: student.password })).toEqual(
        EMAIL_TAKEN,
      );
    }
    expect(await patch(admin, student, { name: holder.name, email: holder.email })).toEqual(NAME_TAKEN);
    expect(await patch(admin, student, { name: 'free name', email: holder.email })).toEqual(EMAIL_TAKEN);
    expect(await shown(student)).toMatchObject({ students: [{ name: student.name, email: student.email }] });
    expect(await login('free name', student.password)).toBe(401);
    expect(await login(student.name, student.password)).toBe(200);
  });

  it("lets one's name be one's own e-mail, change its form, and be taken apart again", async () => {
    const student = await client.join();
    expect(await patch(student, student, { name: student.email })).toEqual(UPDATED);
    expect(await login(student.name, student.password)).toBe(401);
    expect(await patch(student, student, { name: student.email.toUpperCase() })).toEqual(UPDATED);
    expect(await login(student.email, student.password)).toBe(200);
    const email = `new.${student.email}`;
    expect(await patch(admin, student, { email })).toEqual(UPDATED);
    expect(await login(student.email, student.password)).toBe(200);
    expect(await patch(student, student, { name: 'a plain name' })).toEqual(UPDATED);
    expect(await login(student.email, student.password)).toBe(401);
    expect(await login(email, student.password)).toBe(200);
    await client.enrol({ email: student.email });
  });

  it("lets name and e-mail change places, and takes one's own values again without ado", async () => {
    const student = await client.join({ name: 'first@example.org', email: 'second@example.org' });
    expect(await patch(admin, student, { name: student.email, email: student.name })).toEqual(UPDATED);
    expect(await patch(admin, student, { name: student.email, email: student.name })).toEqual(UPDATED);
    expect(await shown(student)).toMatchObject({
      students: [{ name: 'second@example.org', email: 'first@example.org' }],
    });
    expect(await login('first@example.org', student.password)).toBe(200);
    expect(await login('second@example.org', student.password)).toBe(200);
  });

  it('decides who gets a name when many want it at once', async () => {
    const students = await Promise.all(Array.from({ length: 10 }, () => client.join()));
    const wanted = students.map((student) => patch(student, student, { name: 'Wanted' }));
    const statuses = (await Promise.all(wanted)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(9);
  });

  it('lets two students rename themselves into each other only one after the other', async () => {
    const one = await client.join();
    const two = await client.join();
    const answers = await Promise.all([
      patch(one, one, { name: two.name }),
      patch(two, two, { name: one.name }),
    ]);
    // Each name is held until its holder lets go of it: one may win the race, both never can.
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toEqual(NAME_TAKEN);
  });
});

describe('a role', () => {
  it('is changed by an admin; old tokens are refused, and the next login acts in the new role', async () => {
    const student = await client.join();
    const other = await client.join();
    expect(await patch(admin, student, { role: 'admin' })).toEqual(UPDATED);
    expect(await me(student.token)).toEqual(TOKEN_INVALID);
    const promoted = { token: await client.tokenOf(student.name, student.password) };
    expect(await patch(promoted, other, { name: 'renamed by the new admin' })).toEqual(UPDATED);
    expect(await patch(admin, student, { role: 'user' })).toEqual(UPDATED);
    expect(await me(promoted.token)).toEqual(TOKEN_INVALID);
    const demoted = { token: await client.tokenOf(student.name, student.password) };
    expect(await patch(demoted, other, { name: 'never' })).toEqual(NOT_PERMITTED);
  });

  it('that one has already changes nothing and ends no session', async () => {
    const student = await client.join();
    expect(await patch(admin, student, { role: 'user' })).toEqual(UPDATED);
    expect((await me(student.token)).status).toBe(200);
  });

  it('can be laid down by an admin, as long as another stays', async () => {
    const second = await client.join();
    await makeAdmin(app, second.publicId);
    expect(await patch(second, second, { role: 'user' })).toEqual(UPDATED);
    expect(await me(second.token)).toEqual(TOKEN_INVALID);
    expect(await shown(second)).toMatchObject({ students: [{ role: 'user' }] });
  });

  it('is not changed when the name beside it is taken', async () => {
    const student = await client.join();
    expect(await patch(admin, student, { role: 'admin', name: admin.name })).toEqual(NAME_TAKEN);
    expect(await shown(student)).toMatchObject({ students: [{ role: 'user' }] });
    expect((await me(student.token)).status).toBe(200);
  });
});

describe('PUT /student/{public_id}/password', () => {
  const next = 'another fine password';

  it('changes the password and ends every session but the one that changed it', async () => {
    const student = await client.join();
    const elsewhere = await client.tokenOf(student.name, student.password);
    const paired = await client.send('POST', '/login', {
      json: { name: student.name, password: student.password },
    });
    const { refresh_token: refreshToken } = paired.json as { refresh_token: string };
    const change = { current_password: student.password, new_password: next };
    expect(await put(student, student, change)).toEqual(PASSWORD_CHANGED);
    expect((await me(student.token)).status).toBe(200);
    expect(await me(elsewhere)).toEqual(TOKEN_INVALID);
    const refresh = await client.send('POST', '/token/refresh', { json: { refresh_token: refreshToken } });
    expect(told(refresh)).toEqual(saying(401, 'Refresh token is invalid!'));
    expect(told(await client.login(student.name, student.password))).toEqual(COULD_NOT_VERIFY);
    expect(await login(student.name, next)).toBe(200);
  });

  it('asks for the current password, of an admin too', async () => {
    const student = await client.join();
    for (const who of [student, admin]) {
      expect(await put(who, who, { new_password: next })).toEqual(CURRENT_PASSWORD_MISSING);
      expect(await put(who, who, { current_password: 'wrong', new_password: next })).toEqual(NOT_PERMITTED);
      expect(await login(who.name, who.password)).toBe(200);
    }
  });

  it('lets an admin set the password of another, whose sessions all end', async () => {
    const student = await client.join();
    expect(await put(admin, student, { new_password: next })).toEqual(PASSWORD_CHANGED);
    expect(await me(student.token)).toEqual(TOKEN_INVALID);
    expect(await login(student.name, next)).toBe(200);
    expect((await me(admin.token)).status).toBe(200);
  });

  it('lets nobody else, and finds nobody who is not there', async () => {
    const student = await client.join();
    const other = await client.join();
    const change = { current_password: student.password, new_password: next };
    expect(await put({}, student, change)).toEqual(TOKEN_MISSING);
    expect(await put({ token: 'forged' }, student, change)).toEqual(TOKEN_INVALID);
    expect(await put(other, student, change)).toEqual(NOT_PERMITTED);
    expect(await put(other, { publicId: randomUUID() }, change)).toEqual(NOT_PERMITTED);
    expect(await put(admin, { publicId: randomUUID() }, { new_password: next })).toEqual(NO_STUDENT);
    expect(await login(student.name, student.password)).toBe(200);
  });

  it.each([
    ['seven 7', 'new_password must be at least 8 characters'],
    ['', 'new_password must be at least 8 characters'],
    ['q'.repeat(257), 'new_password must be at most 256 characters'],
    ['iloveyou', 'new_password is among the most common ones'],
    ['ILoveYou', 'new_password is among the most common ones'],
    ['nul\0in the middle', 'new_password must not contain NUL or unpaired surrogates'],
    [null, 'new_password must be a string'],
    [12345678, 'new_password must be a string'],
    [undefined, 'new_password is required'],
  ])('refuses %j as a new password', async (newPassword, message) => {
    const student = await client.join();
    const change = { current_password: student.password, new_password: newPassword };
    expect(await put(student, student, change)).toEqual(saying(400, message));
    expect(await put(admin, student, { new_password: newPassword })).toEqual(saying(400, message));
    expect(await login(student.name, student.password)).toBe(200);
  });

  it('refuses a password with the same key as the name or the e-mail', async () => {
    const student = await client.join({ name: 'Änne Example', email: 'aenne.example@example.org' });
    for (const newPassword of ['änne  EXAMPLE', 'ＡＥＮＮＥ.example@example.org']) {
      const change = { current_password: student.password, new_password: newPassword };
      expect(await put(student, student, change)).toEqual(
        saying(400, 'new_password must not be the name or the e-mail'),
      );
    }
  });

  it('tells the missing current password and the fault of the new one together', async () => {
    const student = await client.join();
    expect(await put(student, student, { new_password: 'short' })).toEqual(
      saying(400, 'current_password is required; new_password must be at least 8 characters'),
    );
  });

  it('takes no other key', async () => {
    const student = await client.join();
    const change = { current_password: student.password, new_password: next, password: 'x', role: 'admin' };
    expect(await put(student, student, change)).toEqual(
      saying(400, 'password is not allowed; role is not allowed'),
    );
  });

  it('takes any Unicode, spaces and colons, and the same password again', async () => {
    const student = await client.join();
    const password = '  비밀: 번호 😀 é ';
    const change = { current_password: student.password, new_password: password };
    expect(await put(student, student, change)).toEqual(PASSWORD_CHANGED);
    expect(await login(student.name, password.normalize('NFD'))).toBe(200);
    expect(await login(student.name, password.trim())).toBe(401);
    const same = { current_password: password, new_password: password };
    expect(await put(student, student, same)).toEqual(PASSWORD_CHANGED);
  });

  it('lets one of two changes at once through: the other was checked against a password that is gone', async () => {
    const student = await client.join();
    const changes = [1, 2].map((n) => ({
      current_password: student.password,
      new_password: `brand new number ${n}`,
    }));
    const answers = await Promise.all(changes.map((change) => put(student, student, change)));
    expect(answers).toEqual(expect.arrayContaining([PASSWORD_CHANGED, NOT_PERMITTED]));
    const winner = changes[answers.findIndex(({ status }) => status === 200)];
    expect(await login(student.name, winner?.new_password ?? '')).toBe(200);
  });
});

describe('DELETE /student/{public_id}', () => {
  it('by an admin needs no body, and ignores one', async () => {
    for (const body of [undefined, {}, { current_password: 5 }, { any: 'thing' }]) {
      const student = await client.join();
      expect(await remove(admin, student, body)).toEqual(DELETED);
      expect(told(await client.get(`/student/${student.publicId}`, admin.token))).toEqual(NO_STUDENT);
      expect(await remove(admin, student, body)).toEqual(NO_STUDENT);
    }
  });

  it('by oneself needs the current password', async () => {
    const student = await client.join();
    expect(await remove(student, student)).toEqual(CURRENT_PASSWORD_MISSING);
    expect(await remove(student, student, {})).toEqual(CURRENT_PASSWORD_MISSING);
    expect(await remove(student, student, { current_password: null })).toEqual(
      saying(400, 'current_password must be a string'),
    );
    expect(await remove(student, student, { current_password: student.password, sure: true })).toEqual(
      saying(400, 'sure is not allowed'),
    );
    expect(await remove(student, student, { current_password: 'wrong' })).toEqual(NOT_PERMITTED);
    expect((await me(student.token)).status).toBe(200);
    expect(await remove(student, student, { current_password: student.password })).toEqual(DELETED);
    expect(await me(student.token)).toEqual(TOKEN_INVALID);
    expect(await remove(student, student, { current_password: student.password })).toEqual(TOKEN_INVALID);
    expect(told(await client.login(student.name, student.password))).toEqual(COULD_NOT_VERIFY);
  });

  it('asks an admin too for the password to delete oneself', async () => {
    const second = await client.join();
    await makeAdmin(app, second.publicId);
    expect(await remove(second, second)).toEqual(CURRENT_PASSWORD_MISSING);
    expect(await remove(second, second, { current_password: 'wrong' })).toEqual(NOT_PERMITTED);
    expect(await remove(second, second, { current_password: second.password })).toEqual(DELETED);
  });

  it('is for nobody else', async () => {
    const student = await client.join();
    const other = await client.join();
    const body = { current_password: student.password };
    expect(await remove({}, student, body)).toEqual(TOKEN_MISSING);
    expect(await remove({ token: 'forged' }, student, body)).toEqual(TOKEN_INVALID);
    expect(await remove(other, student, body)).toEqual(NOT_PERMITTED);
    expect(await remove(other, { publicId: randomUUID() }, body)).toEqual(NOT_PERMITTED);
    expect((await me(student.token)).status).toBe(200);
  });

  it('refuses every token and refresh token of the student on the very next request', async () => {
    const student = await client.join();
    const pair = await client.send('POST', '/login', {
      json: { email: student.email, password: student.password },
    });
    const { token, refresh_token: refreshToken } = pair.json as { token: string; refresh_token: string };
    expect(await remove(admin, student)).toEqual(DELETED);
    expect(await me(student.token)).toEqual(TOKEN_INVALID);
    expect(await me(token)).toEqual(TOKEN_INVALID);
    const refresh = await client.send('POST', '/token/refresh', { json: { refresh_token: refreshToken } });
    expect(told(refresh)).toEqual(saying(401, 'Refresh token is invalid!'));
  });

  it('frees name and e-mail, for a student with an id of their own', async () => {
    const student = await client.join();
    expect(await remove(admin, student)).toEqual(DELETED);
    const again = await client.join({ name: student.name, email: student.email });
    expect(again.publicId).not.toBe(student.publicId);
    expect(await me(student.token)).toEqual(TOKEN_INVALID);
  });

  it('is done once when asked for many times at once', async () => {
    const student = await client.join();
    const answers = await Promise.all(Array.from({ length: 5 }, () => remove(admin, student)));
    expect(answers.filter(({ status }) => status === 200)).toEqual([DELETED]);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(4);
  });
});
