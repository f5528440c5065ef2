import { DomainError } from '../common/domain-error.js';

/** 404 for whatever is not a student's id. */
export class StudentNotFound extends DomainError {
  constructor() {
    super('not-found', 'No student found!');
  }
}

/** 409: another student holds the key, as name or as e-mail. */
export class NameTaken extends DomainError {
  constructor() {
    super('conflict', 'The name is already taken.');
  }
}

/** 409: another student holds the key, as name or as e-mail. */
export class EmailTaken extends DomainError {
  constructor() {
    super('conflict', 'The e-mail is already taken.');
  }
}

/** 409: without an admin nobody could make one over HTTP. */
export class LastAdmin extends DomainError {
  constructor() {
    super('conflict', 'The last admin must stay.');
  }
}
