import { SingleBar } from 'cli-progress';

export interface Progress {
  /** @param done rows so far */
  show(done: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** A bar on a terminal, a plain line every few seconds elsewhere (a log, a pipe); both on standard error. */
export function createProgress(total: number, start: number): Progress {
  return process.stderr.isTTY ? bar(total, start) : lines(total, start);
}

function bar(total: number, start: number): Progress {
  const single = new SingleBar({
    format: '{bar} {percentage} % | {value} of {total} rows | {duration_formatted}, {eta_formatted} left',
    stream: process.stderr,
    hideCursor: true,
  });
  single.start(total, start);
  return { show: (done) => single.update(done), stop: () => single.stop() };
}

function lines(total: number, start: number): Progress {
  let lastAt = Date.now();
  if (start > 0) console.error(`continuing after ${start} of ${total} rows`);
  return {
    show: (done) => {
      if (Date.now() - lastAt < LINE_EVERY_MS) return;
      lastAt = Date.now();
      console.error(`${done} of ${total} rows`);
    },
    stop: () => undefined,
  };
}
