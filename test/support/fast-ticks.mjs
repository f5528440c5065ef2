/*
 * node --import this file: what a process would do every minute it does every 50 ms, and says so on standard error.
 * For tests that look at scheduled jobs of whole processes.
 */
const MINUTE_MS = 60_000;
const TICK_MS = 50;
const { setInterval } = globalThis;

Object.assign(globalThis, {
  setInterval: (work, ms, ...parameters) => {
    if (ms !== MINUTE_MS) return setInterval(work, ms, ...parameters);
    return setInterval(() => {
      process.stderr.write('tick\n');
      work(...parameters);
    }, TICK_MS);
  },
});
