import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CliFailure } from './cli-failure.js';

/** Where a person is asked; the process's own streams outside tests. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Standard input as a password: everything, less one final line break.
 * @throws CliFailure for bytes that are not UTF-8: read as something else they would be a password nobody can type
 */
export async function passwordFromStdin(input: NodeJS.ReadableStream = process.stdin): Promise<string> {
  const bytes = await buffer(input);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new CliFailure('The password on standard input is not valid UTF-8.');
  }
}

/**
 * Asks twice on the terminal, without echo.
 * @throws CliFailure without a terminal, when the two differ, and when the person ends the input (Ctrl+C, Ctrl+D)
 */
export async function askForPassword(
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  if (!input.isTTY) {
    throw new CliFailure('There is no terminal to ask for the password on: give it with --password-stdin.');
  }
  // readline echoes to its output, so it gets one that shows nothing.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: silent, terminal: true, historySize: 0 });
  reader.once('SIGINT', () => reader.close());
  // One iterator for both answers: it keeps a second line that was pasted along with the first.
  const lines = reader[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const line = await lines.next();
    output.write('\n');
    if (line.done) throw new CliFailure('Cancelled; nothing was changed.');
    return line.value;
  };
  try {
    const first = await ask('Password: ');
    const second = await ask('Once more: ');
    if (first !== second) throw new CliFailure('The two passwords differ; nothing was changed.');
    return first;
  } finally {
    reader.close();
  }
}
