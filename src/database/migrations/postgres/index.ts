import { Initial1764000000000 } from './1764000000000-initial.js';

/** In order. A migration that has been released is never changed; what comes next is a new file and a line here. */
export const postgresMigrations = [Initial1764000000000];
