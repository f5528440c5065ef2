// Loads a server as the parent says, tells what that took, and ends: see load-apart.mjs.
import { cpuMs } from './proc.mjs';
import { load } from './load.mjs';

process.once('message', async ({ url, pid, requests, seconds, connections }) => {
  process.send(await load({ url, cpuMs: () => cpuMs(pid) }, requests, seconds, connections));
  process.disconnect();
});
