import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentSecret } from './development-secret.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  file = join(folder, 'data', 'jwt-secret');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the development secret', () => {
  it('is made once, for its owner alone, and then the same', () => {
    const secret = developmentSecret(file);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(48);
    expect(developmentSecret(file)).toBe(secret);
    expect(readdirSync(join(folder, 'data'))).toEqual(['jwt-secret']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('differs from one installation to the next', () => {
    expect(developmentSecret(file)).not.toBe(developmentSecret(join(folder, 'other', 'jwt-secret')));
  });

  it('is never an empty one', () => {
    developmentSecret(file);
    writeFileSync(file, '');
    expect(() => developmentSecret(file)).toThrow(/is empty/);
  });
});
