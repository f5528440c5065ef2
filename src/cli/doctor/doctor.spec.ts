import { KeyFolder } from '../../../test/support/key-folder.js';
import { testSettings } from '../../../test/support/test-settings.js';
import type { JwtSettings } from '../../config/settings.js';
import { checkClock } from './check-clock.js';
import { diskFinding } from './check-disk.js';
import { checkKeys } from './check-keys.js';
import { checkOpenDoor } from './check-open-door.js';
import { checkSchema } from './check-schema.js';
import { lineOf } from './finding.js';

const GIB = 2 ** 30;
const MINUTE = 60_000;

describe('the clock', () => {
  const here = 1_800_000_000_000;

  it.each([
    ['ok', 0, undefined],
    ['ok', 60_000, undefined],
    ['ok', -60_000, here],
    ['fail', 60_001, undefined],
    ['fail', -60_001, undefined],
    ['fail', 0, here + 1],
    ['ok', 0, here],
  ])('is %s at %d ms from the database’s and with %p as the newest row', (status, difference, newestRow) => {
    expect(checkClock({ here, database: here + difference, newestRow }).status).toBe(status);
  });
});

describe('free disk', () => {
  it.each([
    ['ok', GIB, 0],
    ['fail', GIB - 1, 0],
    ['ok', GIB, GIB / 2],
    ['ok', 4 * GIB, 2 * GIB],
    ['fail', 4 * GIB - 1, 2 * GIB],
  ])('is %s with %d bytes free beside a file of %d', (status, free, file) => {
    expect(diskFinding(free, file).status).toBe(status);
  });
});

describe('the schema', () => {
  it('is up to date when it has seen what the program knows, nothing less and nothing more', () => {
    expect(checkSchema(['a', 'b'], ['a', 'b']).status).toBe('ok');
    expect(lineOf(checkSchema(['a'], ['a', 'b']))).toMatch(/^fail schema: not up to date \(b\)/);
    expect(lineOf(checkSchema([], ['a']))).toMatch(/^fail schema: not up to date \(a\)/);
    expect(lineOf(checkSchema(['a', 'b'], ['a']))).toMatch(/^fail schema: made by a newer .* b/);
  });
});

describe('the door', () => {
  it.each([
    ['fail', true, 'open', 'students'],
    ['ok', true, 'admins', 'students'],
    ['ok', true, 'open', 'admins'],
    ['ok', true, 'admins', 'admins'],
    ['ok', false, 'open', 'students'],
  ] as const)(
    'is %s with production %p, REGISTRATION %s, ROSTER %s',
    (status, production, registration, roster) => {
      expect(checkOpenDoor({ production, registration, roster }).status).toBe(status);
    },
  );
});

describe('secret and keys', () => {
  const folder = new KeyFolder('ES256');
  afterAll(() => folder.drop());

  const settings = (jwt: Partial<JwtSettings>) => {
    const defaults = testSettings({ kind: 'sqlite', file: '/nowhere' });
    return { ...defaults, jwt: { ...defaults.jwt, ...jwt } };
  };

  it('warns of a weak secret, which stops the start in production alone', () => {
    expect(checkKeys(settings({}), 0).status).toBe('ok');
    expect(lineOf(checkKeys(settings({ secret: 'changeme' }), 0))).toMatch(
      /^warn secret and keys: JWT_SECRET /,
    );
    const previous = checkKeys(settings({ previousSecret: 'too short, still' }), 0);
    expect(lineOf(previous)).toMatch(/^warn secret and keys: JWT_SECRET_PREVIOUS /);
    expect(lineOf(previous)).not.toContain('still');
  });

  it('warns of a key that signs less than 10 minutes after it was first published', () => {
    folder.add('2026.pem');
    const now = Date.now();
    const of = settings({ algorithm: 'ES256', secret: undefined, keysDir: folder.path });
    expect(lineOf(checkKeys(of, now))).toMatch(/^warn secret and keys: 2026.pem signs less than 10 minutes/);
    expect(lineOf(checkKeys(of, now + 11 * MINUTE))).toBe(
      'ok   secret and keys: ES256, 2026.pem signs; 1 published.',
    );
    // One that waits signs nothing yet.
    folder.add('2027.next.pem');
    expect(checkKeys(of, now + 11 * MINUTE).status).toBe('ok');
  });

  it('fails for a folder that cannot be used, in one line', () => {
    const of = settings({ algorithm: 'RS256', secret: undefined, keysDir: `${folder.path}/none` });
    expect(lineOf(checkKeys(of, 0))).toBe('fail secret and keys: JWT_KEYS_DIR cannot be read.');
  });
});
