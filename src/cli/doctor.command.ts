import type { Command } from 'commander';
import { SystemClock } from '../common/clock.js';
import { loadSettings } from '../config/load-settings.js';
import { SettingsError } from '../config/settings-error.js';
import { diagnose } from './doctor/diagnose.js';
import { fail, type Finding, lineOf, ok } from './doctor/finding.js';

/** Looks at the installation as it would run with these settings, and changes nothing. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'check settings, keys, clock, database, schema, free disk and the open door; exit 1 if one fails',
    )
    .action(async () => {
      const findings = await examine();
      for (const finding of findings) console.log(lineOf(finding));
      if (findings.some(({ status }) => status === 'fail')) process.exitCode = 1;
    });
}

async function examine(): Promise<Finding[]> {
  try {
    const settings = loadSettings();
    return [ok('settings', 'good.'), ...(await diagnose(settings, new SystemClock()))];
  } catch (error) {
    // Without settings there is nothing to look at.
    if (error instanceof SettingsError) return [fail('settings', error.message)];
    throw error;
  }
}
