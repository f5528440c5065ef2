import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { emailFault, nameFault } from '../student-identity.js';

type Rule = (text: string) => string | undefined;

/** A rule on a text that tells one fault: that it is missing, that it is no text, or what the rule says of it. */
function TextField(name: string, rule: Rule): PropertyDecorator {
  const faultOf = (value: unknown): string | undefined => {
    if (value === undefined) return 'is required';
    return typeof value === 'string' ? rule(value) : 'must be a string';
  };
  return applyDecorators(
    ValidateBy({
      name,
      validator: {
        validate: (value) => faultOf(value) === undefined,
        defaultMessage: (args) => faultOf(args?.value) ?? 'is not valid',
      },
    }),
  );
}

export const IsStudentName = (): PropertyDecorator => TextField('studentName', nameFault);

export const IsStudentEmail = (): PropertyDecorator => TextField('studentEmail', emailFault);

/** A password in a body; how long it must be and the like are `password-rules.ts`' to say. */
export const IsPasswordText = (): PropertyDecorator => TextField('passwordText', () => undefined);
