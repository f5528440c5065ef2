import { createReadStream } from 'node:fs';
import { ImportSourceError } from './import-source-error.js';
import { Utf8Check } from './utf8-check.js';

const LONGEST_LINE = 64 * 1024;

export interface NdjsonRecord {
  /** The line, from 1. */
  readonly row: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * The objects of a file with one on each line; empty lines count and are passed over. Lines end with LF alone:
 * `readline` would also take U+2028 for an end, which JSON lets stand within a text.
 * @throws ImportSourceError when it is not UTF-8 or a line is not an object
 */
export async function* readNdjson(file: string): AsyncGenerator<NdjsonRecord> {
  let row = 0;
  for await (const line of linesOf(file)) {
    row += 1;
    if (line.trim() !== '') yield { row, value: parseLine(line, row) };
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file);
  const utf8 = new Utf8Check();
  stream.on('error', (error) => utf8.destroy(error));
  let rest = '';
  let isFirst = true;
  const decoder = new TextDecoder();
  try {
    for await (const chunk of stream.pipe(utf8) as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield isFirst ? line.trimStart() : line;
      isFirst &&= lines.length === 0;
      if (rest.length > LONGEST_LINE) throw new ImportSourceError('a line is too long');
    }
    yield rest;
  } finally {
    stream.destroy();
  }
}

function parseLine(line: string, row: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new ImportSourceError(`line ${row} is not JSON`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ImportSourceError(`line ${row} is not a JSON object`);
  }
  return value as Readonly<Record<string, unknown>>;
}
