import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('./load-process.mjs', import.meta.url));

/**
 * `load` from a process of its own, whose event loop is busy with nothing else: beside thousands of connections of the
 * same process, what one of them waits for is mostly its own process.
 *
 * @param what `requests` as of `load`, `seconds`, `connections`
 */
export async function loadApart(server, what) {
  const child = fork(FILE, { env: { PATH: process.env.PATH } });
  const ended = once(child, 'exit');
  child.send({ url: server.url, pid: server.pid, ...what });
  const [told] = await Promise.race([once(child, 'message'), ended]);
  if (typeof told !== 'object') throw new Error(`the load ended with ${told}`);
  await ended;
  return told;
}
