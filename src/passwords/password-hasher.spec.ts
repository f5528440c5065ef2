import { hashSync } from '@node-rs/argon2';
import fc from 'fast-check';
import { WERKZEUG_HASHES } from '../../test/factories/werkzeug-hashes.js';
import { InvalidRequest, ServiceUnavailable } from '../common/failures.js';
import type { Settings } from '../config/settings.js';
import { type DoneJob, PasswordHasher } from './password-hasher.js';

const settings = (hashConcurrency: number): Settings => ({ hashConcurrency }) as Settings;

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher(settings(2));
  afterAll(() => hasher.onApplicationShutdown());

  it('hashes with argon2id, 19 MiB, two passes, and a new salt each time', async () => {
    const [one, two] = await Promise.all([hasher.hash('a password'), hasher.hash('a password')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(two).not.toBe(one);
  });

  it('verifies any password of legal length, in any canonically equivalent form', async () => {
    const anyPassword = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 });
    const accented = fc.string({
      unit: fc.constantFrom('é', 'ạ̈', 'ﬁ', '각', 'Å', '한', ':', '😀'),
      minLength: 1,
      maxLength: 256,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyPassword, accented), async (password) => {
        const hash = await hasher.hash(password);
        for (const form of [password, password.normalize('NFC'), password.normalize('NFD')]) {
          expect(await hasher.verify(form, hash)).toEqual({ matches: true });
        }
        expect(await hasher.verify(`${password}x`, hash)).toEqual({ matches: false });
      }),
      { numRuns: 15 },
    );
  });

  it('keeps apart what NFKC would not, and never trims', async () => {
    const hash = await hasher.hash('ﬁ ');
    expect(await hasher.verify('fi ', hash)).toEqual({ matches: false });
    expect(await hasher.verify('ﬁ', hash)).toEqual({ matches: false });
  });

  it.each(WERKZEUG_HASHES)('verifies and upgrades an imported hash: $note', async ({ password, hash }) => {
    expect(await hasher.verify(`${password}.`, hash)).toEqual({ matches: false });
    const { matches, upgraded } = await hasher.verify(password, hash);
    expect(matches).toBe(true);
    expect(await hasher.verify(password, upgraded)).toEqual({ matches: true });
  });

  it('tries an imported hash with the NFC form too, and upgrades to what both forms match', async () => {
    const [imported] = WERKZEUG_HASHES.filter(({ note }) => note === 'sha256, a salt outside ASCII');
    const { matches, upgraded } = await hasher.verify('cafe\u0301', imported?.hash);
    expect(matches).toBe(true);
    expect(await hasher.verify('caf\u00e9', upgraded)).toEqual({ matches: true });
    expect(await hasher.verify('cafe\u0301', upgraded)).toEqual({ matches: true });
  });

  it('verifies an argon2id hash of other parameters and upgrades it', async () => {
    const foreign = hashSync('foreign', { memoryCost: 65_536, timeCost: 3, parallelism: 4 });
    const { matches, upgraded } = await hasher.verify('foreign', foreign);
    expect(matches).toBe(true);
    expect(upgraded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it.each([
    undefined,
    '',
    'not-a-werkzeug-hash',
    'plain$$1234',
    '$argon2id$v=19$',
    `md5$s$${'0'.repeat(32)}`,
  ])('matches no password with %j', async (stored) => {
    expect(await hasher.verify('1234', stored)).toEqual({ matches: false });
  });

  it('takes a password of 64 KiB, however it is made', async () => {
    const long = 'x'.repeat(65_536);
    const marks = 'a' + '\u0301'.repeat(16_000) + '\u0316'.repeat(16_000);
    const sha1 = 'sha1$LONG$b228655366e16d3d809186013f61f026342e0809';
    expect((await hasher.verify(long, sha1)).matches).toBe(true);
    expect(await hasher.verify(marks, await hasher.hash('short'))).toEqual({ matches: false });
    expect(await hasher.verify(marks, await hasher.hash(marks))).toEqual({ matches: true });
  });

  it('never takes one unpaired surrogate for another', async () => {
    await expect(hasher.hash('a\ud800')).rejects.toThrow(InvalidRequest);
    expect(await hasher.verify('a\ud800', await hasher.hash('a\ufffd'))).toEqual({ matches: false });
  });

  it('tells how long each job waited for a thread and ran', async () => {
    const done: DoneJob[] = [];
    hasher.onJob((job) => done.push(job));
    await Promise.all([hasher.hash('a'), hasher.verify('a', undefined), hasher.hash('c')]);
    expect(done.map(({ kind }) => kind).sort()).toEqual(['check', 'hash', 'hash']);
    expect(done.every(({ waitedMs, ranMs }) => waitedMs >= 0 && ranMs > 0)).toBe(true);
    expect(hasher.queueLength).toBe(0);
  });
});

describe('the queue before the password threads', () => {
  it('refuses at once what would wait more than five seconds, and goes on with the rest', async () => {
    const hasher = new PasswordHasher(settings(1));
    const refused: unknown[] = [];
    // 20 ms a job until one is measured: the 252nd would wait more than 5 s.
    const jobs = Array.from({ length: 260 }, () => {
      const job = hasher.verify('1234', undefined);
      job.catch((reason: unknown) => refused.push(reason));
      return job;
    });
    expect(hasher.queueLength).toBe(250);
    await jobs[0];
    expect(refused).toHaveLength(9);
    for (const reason of refused) {
      expect(reason).toBeInstanceOf(ServiceUnavailable);
      expect((reason as ServiceUnavailable).headers).toEqual({ 'retry-after': '6' });
    }
    await Promise.all(jobs.slice(0, 50));
    await hasher.onApplicationShutdown();
    for (const reason of refused) expect(reason).toBeInstanceOf(ServiceUnavailable);
  });

  it('finishes what is under way at shutdown, then takes no more', async () => {
    const hasher = new PasswordHasher(settings(1));
    const jobs = Array.from({ length: 5 }, () => hasher.verify('1234', undefined));
    const closed = hasher.onApplicationShutdown();
    await expect(hasher.hash('late')).rejects.toThrow(ServiceUnavailable);
    await closed;
    expect(await Promise.all(jobs)).toHaveLength(5);
  });

  it('closes without ever having been used', async () => {
    const hasher = new PasswordHasher(settings(1));
    await expect(hasher.onApplicationShutdown()).resolves.toBeUndefined();
  });
});
