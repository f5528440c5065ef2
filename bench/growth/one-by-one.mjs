import { Agent, request } from 'node:http';
import { spread } from '../lib/figures.mjs';

/**
 * Sends requests one after the other over one connection: what one client waits, not what many at once can get.
 * @param make makes the next request: `{method, path, headers, json}`
 * @returns a function that sends `count` of them and resolves to `{ms}`, the median time to the end of the answer
 */
export function oneByOne(url, make, expectedStatus) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return async (count) => {
    const times = [];
    for (let sent = 0; sent < count; sent += 1) {
      const next = make();
      const startedAt = performance.now();
      const { status, text } = await send(agent, url, next);
      times.push(performance.now() - startedAt);
      if (status !== expectedStatus)
        throw new Error(`${next.method ?? 'GET'} ${next.path}: ${status} ${text.slice(0, 200)}`);
    }
    return { ms: spread(times).median };
  };
}

function send(agent, url, { method = 'GET', path, headers = {}, json }) {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const ofBody = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { agent, method, headers: { ...headers, ...ofBody } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.once('end', () => resolve({ status: answer.statusCode, text }));
      answer.once('error', reject);
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
