import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const TICKS_PER_SECOND = 100; // Linux' USER_HZ

/**
 * The built server as in production, its budgets on: requests come from one proxy, which says whom from, since budgets
 * are counted by that address.
 */
export async function startMeasured(databaseUrl) {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      JWT_SECRET: 'qK3vR8xZ1mT6wB9nL4cJ7hF2sD5gA0yP',
      DATABASE_URL: databaseUrl,
      PORT: '0',
      TRUST_PROXY: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let output = '';
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (output.length < 10_000) output += text;
      const [, address] = /listening at (http:\/\/[^\s"]*:\d+)/i.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    url,
    cpuMs: () => cpuMs(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

/** User and system time so far of a process, of its threads and of the children that have ended. */
function cpuMs(pid) {
  const fields = statOf(pid);
  return ([11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) * 1000) / TICKS_PER_SECOND;
}

/** As `cpuMs`, with the children that are still there. */
export function cpuMsOfFamily(parent) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = pids.filter((pid) => Number(statOf(pid)[1]) === parent);
  return [parent, ...children].reduce((sum, pid) => sum + cpuMs(pid), 0);
}

/** What `/proc/PID/stat` has after the name: state, parent, … */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return Array(15).fill('0'); // ended meanwhile
    throw error;
  }
}
