/** What `POST /student` takes. */
export interface StudentFields {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

let made = 0;

/** A student nobody else is, to register; with what the test asks to be different. */
export function aStudent(overrides: Partial<StudentFields> = {}): StudentFields {
  made += 1;
  return {
    name: `student${made}`,
    email: `student${made}@example.org`,
    password: 'correct horse battery',
    ...overrides,
  };
}
