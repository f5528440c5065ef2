import { jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { SettingsModule } from '../../src/config/settings.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import type { Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open-database.js';
import { LoginThrottle } from '../../src/throttle/login-throttle.js';
import { RegistrationThrottle } from '../../src/throttle/registration-throttle.js';
import { ThrottleModule } from '../../src/throttle/throttle.module.js';
import { ThrottleStore } from '../../src/throttle/throttle-store.js';
import { LoginAttempts, tally } from '../support/login-attempts.js';
import { createTestDatabase, databaseKind, type TestDatabase } from '../support/test-database.js';
import { testSettings } from '../support/test-settings.js';

const MINUTE = 60_000;
/** Instances of the server: on Postgres two with a pool each, on SQLite there is only ever one. */
const INSTANCES = databaseKind === 'postgres' ? 2 : 1;

describe(`budgets of ${INSTANCES} instance(s) on one database (${databaseKind})`, () => {
  let testDatabase: TestDatabase;
  let databases: Database[];
  let instances: LoginAttempts[];
  let registrations: RegistrationThrottle[];
  let stores: ThrottleStore[];
  let shift: number;
  let account = 0;
  const realNow = Date.now.bind(Date);

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    databases = [];
    for (let n = 0; n < INSTANCES; n += 1) {
      databases.push((await openDatabase(testDatabase.settings, [])).database);
    }
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await testDatabase.drop();
  });

  beforeEach(async () => {
    shift = 0;
    // Frozen, in the middle of a slice of holds, and later than in the test before.
    account += 1;
    const start = Math.ceil(realNow() / (5 * MINUTE)) * 5 * MINUTE + 2 * MINUTE + account * 1_000_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => start + shift);
    const settings = testSettings(testDatabase.settings);
    const modules = await Promise.all(
      databases.map((database) =>
        Test.createTestingModule({
          imports: [SettingsModule.with(settings), DatabaseModule.with(database), ThrottleModule],
        }).compile(),
      ),
    );
    stores = modules.map((module) => module.get(ThrottleStore, { strict: false }));
    instances = modules.map(
      (module) => new LoginAttempts(module.get(LoginThrottle), { account: `id:${account}` }),
    );
    registrations = modules.map((module) => module.get(RegistrationThrottle));
  });
  afterEach(() => jest.restoreAllMocks());

  const instance = (n: number): LoginAttempts => instances[n % INSTANCES] as LoginAttempts;
  const checks = (): number => instances.reduce((sum, { checked }) => sum + checked.length, 0);

  it('check 10 of 60 guesses at once and refuse the rest', async () => {
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, n) => instance(n).one(false)));
    expect(tally(outcomes)).toEqual({ wrong: 10, '429 900': 50 });
    expect(checks()).toBe(10);
  });

  it('let 200 right logins of one account at once through', async () => {
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, n) => instance(n).one(true)));
    expect(tally(outcomes)).toEqual({ right: 200 });
    for (const { mostUnderWay } of instances) expect(mostUnderWay).toBeLessThanOrEqual(10);
  });

  it('count 100 failures from one address, and let its window end', async () => {
    for (let n = 0; n < 100; n += 1) {
      expect(await instance(n).one(false, { account: `name:${account}.${n}`, ip: '192.0.2.1' })).toBe(
        'wrong',
      );
    }
    shift += 5 * MINUTE;
    for (const attempts of instances) expect(await attempts.one(true, { ip: '192.0.2.1' })).toBe('429 600');
    shift += 10 * MINUTE;
    for (const attempts of instances) expect(await attempts.one(true, { ip: '192.0.2.1' })).toBe('right');
  });

  it('count 100 failures at one account, and give one back every 12 minutes', async () => {
    const from = (n: number): { ip: string } => ({ ip: `10.${account}.0.${n}` });
    const guesses = Array.from({ length: 130 }, (_, n) => instance(n).one(false, from(n)));
    expect(tally(await Promise.all(guesses))).toEqual({ wrong: 100, '429 720': 30 });
    shift += 6 * MINUTE;
    for (const attempts of instances) expect(await attempts.one(true, from(200))).toBe('429 360');
    expect(await instance(1).one(true, { ...from(200), knownAddress: true })).toBe('right');
    shift += 6 * MINUTE;
    expect(await instance(1).one(false, from(201))).toBe('wrong');
    expect(await instance(0).one(true, from(202))).toBe('429 720');
  });

  it('begin afresh with a success, on every instance', async () => {
    for (let n = 0; n < 9; n += 1) await instance(n).one(false);
    expect(await instance(0).one(true)).toBe('right');
    for (let n = 0; n < 10; n += 1) expect(await instance(n).one(false)).toBe('wrong');
    for (const attempts of instances) expect(await attempts.one(true)).toBe('429 900');
  });

  it('have an attempt wait for those under way on another instance', async () => {
    const order: string[] = [];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    let allBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => (allBegun = resolve));
    const underWay = Array.from({ length: 10 }, () =>
      instance(0).one(true, {}, async () => {
        if (instance(0).underWay === 10) allBegun();
        await ended;
        order.push('under way');
      }),
    );
    await begun;

    const looks = jest.spyOn((stores.at(-1) as ThrottleStore).accountAndAddress.holds, 'take');
    const late = instance(INSTANCES - 1).one(true, {}, () => {
      order.push('late');
      return Promise.resolve();
    });
    // It looks a second time only where there are others who would not tell it; then it was not let in at first.
    while (looks.mock.calls.length < INSTANCES) await new Promise((resolve) => setImmediate(resolve));
    end();
    expect(tally([...(await Promise.all(underWay)), await late])).toEqual({ right: 11 });
    expect(order).toEqual([...Array<string>(10).fill('under way'), 'late']);
  });

  it('admit 30 registrations a minute from one address', async () => {
    const ip = `10.${account}.1.1`;
    const admitted = Array.from({ length: 50 }, (_, n) =>
      (registrations[n % INSTANCES] as RegistrationThrottle).admit(ip),
    );
    const results = await Promise.allSettled(admitted);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
    shift += MINUTE;
    await expect(registrations[0]?.admit(ip)).resolves.toBeUndefined();
  });
});
