import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { ImportSourceError } from './import-source-error.js';
import { Utf8Check } from './utf8-check.js';

/** Longer than any row of a roster; an opened quote that nobody closes ends here. */
const LONGEST_RECORD = 64 * 1024;

export interface CsvRecord {
  /** As a spreadsheet counts rows: the header's is 1, and empty ones count. */
  readonly row: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV file (RFC 4180) that are not empty, the header's first.
 * @throws ImportSourceError when it is not UTF-8 or not CSV
 */
export async function* readCsv(file: string, delimiter: ',' | ';'): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    delimiter,
    // Told, not found out: the first one found would make the others a part of their cells.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
  });
  const stream = createReadStream(file);
  const utf8 = new Utf8Check();
  stream.on('error', (error) => parser.destroy(error));
  utf8.on('error', (error) => parser.destroy(error));
  stream.pipe(utf8).pipe(parser);
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      if (cells.some((cell) => cell !== '')) yield { row, cells };
    }
  } catch (error) {
    throw notCsv(error);
  } finally {
    stream.destroy();
  }
}

/** csv-parse's own codes in words, of which one lacks the `CSV_`; other errors as they are. */
function notCsv(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code, lines } = error as CsvError & { readonly lines?: unknown };
  const what = code.replace(/^CSV_/, '').toLowerCase().replaceAll('_', ' ');
  return new ImportSourceError(`line ${String(lines)} is not CSV (${what})`, { cause: error });
}
