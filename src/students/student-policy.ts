import type { Principal } from '../access/principal.js';
import type { Settings } from '../config/settings.js';

/** What one may want to do to a student's account. */
export type StudentAction =
  | 'register'
  | 'list'
  | 'read'
  | 'update'
  | 'change-role'
  | 'change-password'
  | 'delete'
  | 'see-sessions'
  | 'end-sessions';

export type Doors = Pick<Settings, 'registration' | 'roster'>;

/**
 * Who may do what to whom, as a whole: nothing else in the program decides it.
 * @param principal undefined for a caller without a token, who reaches none but an open registration
 * @param target the `public_id` it would be done to; undefined where there is none
 */
export function isAllowed(
  action: StudentAction,
  principal: Pick<Principal, 'publicId' | 'role'> | undefined,
  target: string | undefined,
  doors: Doors,
): boolean {
  if (action === 'register' && doors.registration === 'open') return true;
  if (!principal) return false;
  if (principal.role === 'admin') return true;
  const oneself = target === principal.publicId;
  switch (action) {
    case 'register':
    case 'change-role':
    case 'see-sessions':
    case 'end-sessions':
      return false;
    case 'list':
      return doors.roster === 'students';
    case 'read':
      return oneself || doors.roster === 'students';
    case 'update':
    case 'change-password':
    case 'delete':
      return oneself;
  }
}
