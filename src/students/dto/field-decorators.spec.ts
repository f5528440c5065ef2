import { validateSync } from 'class-validator';
import { IsPasswordText, IsStudentEmail, IsStudentName } from './field-decorators.js';

class Fields {
  @IsStudentName() name!: unknown;
  @IsStudentEmail() email!: unknown;
  @IsPasswordText() new_password!: unknown;
}

/** Each field's faults. */
function faultsOf(values: Partial<Fields>): Record<string, string[]> {
  const good = { name: 'kyunghwan1', email: 'ko1@naver.com', new_password: '1234' };
  const errors = validateSync(Object.assign(new Fields(), good, values));
  return Object.fromEntries(errors.map((error) => [error.property, Object.values(error.constraints ?? {})]));
}

describe('the fields of a student', () => {
  it('may be taken', () => {
    expect(faultsOf({})).toEqual({});
  });

  it.each(['name', 'email', 'new_password'])('need a %s', (field) => {
    expect(faultsOf({ [field]: undefined })).toEqual({ [field]: ['is required'] });
  });

  it.each(
    ['name', 'email', 'new_password'].flatMap((field) =>
      [null, 1234, true, ['ko1@naver.com'], { length: 5 }, new String('ko1@naver.com')].map(
        (value) => [field, value] as const,
      ),
    ),
  )('take for %s no %j that only resembles a text', (field, value) => {
    expect(faultsOf({ [field]: value })).toEqual({ [field]: ['must be a string'] });
  });

  it('each tell one fault, however many there are', () => {
    expect(faultsOf({ name: `\0:${'k'.repeat(60)}`, email: ' @' })).toEqual({
      name: ['must be 1 to 50 characters'],
      email: ['must be a valid e-mail address'],
    });
  });

  it('leave a password as it is: empty, spaces, colons, any script', () => {
    for (const new_password of ['', '   ', 'a:b:c', '비밀번호'])
      expect(faultsOf({ new_password })).toEqual({});
  });
});
