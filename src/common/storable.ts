/** NUL, and halves of surrogate pairs: no column holds them in every database, so nothing kept matches them. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Whether a text is one that a database may be asked for or given. Postgres refuses the others with an error. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}
