/** Why the database cannot be used at start: one line, fit to be shown to the person at the terminal. */
export class DatabaseStartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DatabaseStartError';
  }
}
