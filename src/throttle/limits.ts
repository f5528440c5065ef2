/** The length of the windows in which failed checks count, and so the longest `Retry-After`. */
export const FAILURE_WINDOW_S = 15 * 60;

export const FAILURES_PER_ACCOUNT_AND_ADDRESS = 10;
export const FAILURES_PER_ADDRESS = 100;

/** The token bucket of an account: this many tokens, one more in every interval. */
export const FAILURES_PER_ACCOUNT = 100;
export const ACCOUNT_REFILL_MS = 3_600_000 / 5;

export const REGISTRATIONS_PER_ADDRESS = 30;
export const REGISTRATION_WINDOW_S = 60;

/** How long a request waits while nothing it depends on is settled. */
export const PATIENCE_MS = 5_000;
/** How many requests wait for one budget of one key; more are refused at once. */
export const MOST_WAITERS = 1_000;
