import type { Clock } from '../../common/clock.js';
import type { Settings } from '../../config/settings.js';
import { DatabaseStartError } from '../../database/database-start-error.js';
import { type DatabaseFacts, inspectDatabase } from '../../database/inspect-database.js';
import { checkClock } from './check-clock.js';
import { checkDisk } from './check-disk.js';
import { checkKeys } from './check-keys.js';
import { checkOpenDoor } from './check-open-door.js';
import { checkSchema } from './check-schema.js';
import { fail, type Finding, ok } from './finding.js';

/** Every check of an installation whose settings are good, one finding each. Changes nothing. */
export async function diagnose(settings: Settings, clock: Clock): Promise<Finding[]> {
  return [
    checkKeys(settings, clock.now()),
    ...(await checkDatabase(settings, clock)),
    checkDisk(settings.database),
    checkOpenDoor(settings),
  ];
}

async function checkDatabase({ database }: Settings, clock: Clock): Promise<Finding[]> {
  let facts: DatabaseFacts;
  try {
    facts = await inspectDatabase(database);
  } catch (error) {
    if (!(error instanceof DatabaseStartError)) throw error;
    const unseen = 'not checked, as the database cannot be read.';
    return [fail('clock', unseen), fail('database', error.message), fail('schema', unseen)];
  }
  const times = { here: clock.now(), database: facts.now, newestRow: facts.newestRow };
  return [
    checkClock(times),
    ok('database', `${database.kind === 'sqlite' ? 'SQLite' : 'Postgres'}, it answers.`),
    checkSchema(facts.executedMigrations, facts.knownMigrations),
  ];
}
