import type { Settings } from '../../config/settings.js';
import { fail, type Finding, ok } from './finding.js';

const SUBJECT = 'open door';

/** Whoever finds the address could register and read everybody's e-mail. */
export function checkOpenDoor(settings: Pick<Settings, 'production' | 'registration' | 'roster'>): Finding {
  const open = settings.registration === 'open' && settings.roster === 'students';
  if (!open) return ok(SUBJECT, 'closed to strangers.');
  if (!settings.production) return ok(SUBJECT, 'open, on a development server.');
  return fail(
    SUBJECT,
    'anybody may register, and every student may list all others: set REGISTRATION=admins or ROSTER=admins.',
  );
}
