// Bare @node-rs/argon2: hashes or verifies for as long as the parent says, as many at once as UV_THREADPOOL_SIZE
// allows, and says how many it was. Nothing else.
import { hash, verify } from '@node-rs/argon2';
import { ARGON2, PASSWORD } from '../lib/students.mjs';

const AT_ONCE = Number(process.env.UV_THREADPOOL_SIZE);
const stored = await hash(PASSWORD, ARGON2);
const works = { verify: () => verify(stored, PASSWORD), hash: () => hash(PASSWORD, ARGON2) };

process.on('message', async ({ work, seconds }) => {
  const latencies = [];
  const until = performance.now() + seconds * 1000;
  const startedAt = performance.now();
  const worker = async () => {
    while (performance.now() < until) {
      const began = performance.now();
      await works[work]();
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  process.send({ latencies, elapsedMs: performance.now() - startedAt });
});
process.send('ready');
