import type { DatabaseSettings, Settings } from '../../src/config/settings.js';
import { parseSettings } from '../../src/config/parse-settings.js';

/** Signs the tokens of tests; nothing else. */
export const TEST_SECRET = 'x9fQ2mV7rT4kLw8ZpB3nYc6HsJ1dGa5E';

/** The defaults of the contract, on a database of the test's, with what the test asks to be different. */
export function testSettings(database: DatabaseSettings, overrides: Partial<Settings> = {}): Settings {
  const defaults = parseSettings({ JWT_SECRET: TEST_SECRET, PORT: '0' }, '/nowhere');
  return Object.freeze({ ...defaults, database, ...overrides });
}
