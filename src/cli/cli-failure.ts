/** Why a command could not do what it was asked: one line for the person at the terminal; the exit code is 1. */
export class CliFailure extends Error {}
