/** Why a file cannot be imported at all: one line for the person at the terminal. */
export class ImportSourceError extends Error {}
