/** Registers a student and logs in: what the loads need, and a check that the answers are right before they are timed. */
export async function walk({ url }) {
  const student = { name: 'bench', email: 'bench@example.org', password: 'correct horse battery' };
  const registered = await send(`${url}/student`, 201, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(student),
  });
  const path = registered.headers.get('location');
  const authorization = `Basic ${Buffer.from(`${student.name}:${student.password}`).toString('base64')}`;
  const { token } = await (await send(`${url}/login`, 200, { headers: { authorization } })).json();
  const { students } = await (await send(url + path, 200, { headers: { 'x-access-token': token } })).json();
  if (students.length !== 1 || students[0].name !== student.name)
    throw new Error('not the student who was asked for');
  return { path, token, authorization };
}

async function send(address, status, options) {
  const response = await fetch(address, options);
  if (response.status !== status) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  return response;
}
