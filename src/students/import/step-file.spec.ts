import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepFile } from './step-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  path = join(folder, 'lines.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const content = (): string => readFileSync(path, 'utf8');

/** Opens the file, works on it and closes it. */
function on<T>(keep: boolean, work: (file: StepFile) => T): T {
  const file = new StepFile(path, 'row,name', keep);
  try {
    return work(file);
  } finally {
    file.close();
  }
}

describe('StepFile', () => {
  it('replaces what was written of a batch that is run again, and keeps what is done', () => {
    on(false, (file) => {
      file.write('1,a\n2,b\n');
      file.write('1,a\n');
      file.keep();
      file.write('3,c\n');
      file.write('');
      file.keep();
      file.write('4,d\n');
    });
    expect(content()).toBe('row,name\n1,a\n4,d\n');
  });

  it('is for its owner alone, also where it was there before', () => {
    writeFileSync(path, 'row,name\n', { mode: 0o644 });
    on(true, () => undefined);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('begins anew, or goes on after the lines that are there', () => {
    writeFileSync(path, 'row,name\n1,a\n');
    on(true, (file) => file.write('2,b\n'));
    expect(content()).toBe('row,name\n1,a\n2,b\n');
    on(false, (file) => file.write('3,c\n'));
    expect(content()).toBe('row,name\n3,c\n');
  });

  it('gives the last line, drops it, and cuts off what is not a whole line', () => {
    writeFileSync(path, `row,name\n1,é\n2,${'x'.repeat(3 << 20)}\n3,half`);
    on(true, (file) => {
      expect(file.lastLine()).toHaveLength(2 + (3 << 20));
      file.dropLastLine();
      expect(file.lastLine()).toBe('1,é');
      file.dropLastLine();
      expect(file.lastLine()).toBeUndefined();
      file.write('4,d\n');
    });
    expect(content()).toBe('row,name\n4,d\n');
  });

  it.each(['name,email\na,b\n', 'row,nam', 'row,name,more\n', 'SQLite format 3\0'])(
    'leaves a file with something else in it alone: %j',
    (text) => {
      writeFileSync(path, text);
      for (const keep of [true, false]) {
        expect(() => on(keep, () => undefined)).toThrow(/holds something else; it was left untouched/);
      }
      expect(content()).toBe(text);
    },
  );

  it('says in one line that it cannot be written', () => {
    path = join(folder, 'missing', 'lines.csv');
    expect(() => on(false, () => undefined)).toThrow(`${path} cannot be written (ENOENT).`);
  });
});
