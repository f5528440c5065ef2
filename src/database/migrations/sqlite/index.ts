import { Initial1764000000000 } from './1764000000000-initial.js';
import { ImportRun1764000002000 } from './1764000002000-import-run.js';
import { Audit1764000003000 } from './1764000003000-audit.js';
import { RoleOfKey1764000004000 } from './1764000004000-role-of-key.js';

/** In order. A migration that has been released is never changed; what comes next is a new file and a line here. */
export const sqliteMigrations = [
  Initial1764000000000,
  ImportRun1764000002000,
  Audit1764000003000,
  RoleOfKey1764000004000,
];
