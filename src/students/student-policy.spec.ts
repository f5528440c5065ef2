import type { Principal } from '../access/principal.js';
import { type Doors, isAllowed, type StudentAction } from './student-policy.js';

const STUDENT = 'the student';
const WHO: Record<string, Pick<Principal, 'publicId' | 'role'> | undefined> = {
  nobody: undefined,
  'the student': { publicId: STUDENT, role: 'user' },
  'another student': { publicId: 'another student', role: 'user' },
  'an admin': { publicId: 'an admin', role: 'admin' },
  'the student as an admin': { publicId: STUDENT, role: 'admin' },
};

/** The columns are `WHO`, in order: may (x) or may not (-). Exhaustive: an action without a row does not compile. */
type Table = Record<StudentAction, string>;

const OPEN: Table = {
  register: 'x x x x x',
  list: '- x x x x',
  read: '- x x x x',
  update: '- x - x x',
  'change-role': '- - - x x',
  'change-password': '- x - x x',
  delete: '- x - x x',
  'see-sessions': '- - - x x',
  'end-sessions': '- - - x x',
};

const tables: [Doors, Table][] = [
  [{ registration: 'open', roster: 'students' }, OPEN],
  [
    { registration: 'admins', roster: 'students' },
    { ...OPEN, register: '- - - x x' },
  ],
  [
    { registration: 'open', roster: 'admins' },
    { ...OPEN, list: '- - - x x', read: '- x - x x' },
  ],
  [
    { registration: 'admins', roster: 'admins' },
    { ...OPEN, register: '- - - x x', list: '- - - x x', read: '- x - x x' },
  ],
];

describe.each(tables)('with %j', (doors, table) => {
  it.each(Object.entries(table) as [StudentAction, string][])('%s is allowed to: %s', (action, expected) => {
    const target = action === 'register' || action === 'list' ? undefined : STUDENT;
    const allowed = Object.values(WHO).map((who) => (isAllowed(action, who, target, doors) ? 'x' : '-'));
    expect(allowed.join(' ')).toBe(expected);
  });
});

it('takes a student without a target for nobody in particular', () => {
  const student = { publicId: STUDENT, role: 'user' as const };
  const doors: Doors = { registration: 'open', roster: 'students' };
  expect(isAllowed('update', student, undefined, doors)).toBe(false);
  expect(isAllowed('delete', student, '', doors)).toBe(false);
});
