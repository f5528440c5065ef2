import { DomainError } from '../common/domain-error.js';

const CHALLENGES = {
  basic: 'Basic realm="Login required!", charset="UTF-8"',
  bearer: 'Bearer',
} as const;

/** 401: unknown user, wrong password, or no credentials at all; the client is not told which. */
export class CouldNotVerify extends DomainError {
  /** @param challenge `bearer` for credentials in a body: a browser must not open its password window for those */
  constructor(challenge: keyof typeof CHALLENGES) {
    super('unauthenticated', 'Could not verify', { headers: { 'www-authenticate': CHALLENGES[challenge] } });
  }
}
