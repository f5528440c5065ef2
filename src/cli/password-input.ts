import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CliFailure } from './cli-failure.js';

/** Standard input as a password: everything, less one final line break. */
export async function passwordFromStdin(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

/**
 * Asks twice on the terminal, without echo.
 * @throws CliFailure without a terminal, and when the two differ
 */
export async function askForPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CliFailure('There is no terminal to ask for the password on: give it with --password-stdin.');
  }
  const first = await ask('Password: ');
  const second = await ask('Once more: ');
  if (first !== second) throw new CliFailure('The two passwords differ; nothing was changed.');
  return first;
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  // readline echoes to its output, so it gets one that shows nothing.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  const cancelled = new Promise<never>((_resolve, reject) => {
    terminal.once('SIGINT', () => reject(new CliFailure('Cancelled; nothing was changed.')));
  });
  try {
    return await Promise.race([terminal.question(''), cancelled]);
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
