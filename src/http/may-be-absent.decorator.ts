import { ValidateIf } from 'class-validator';

/** Lets a field be left out. Unlike class-validator's `IsOptional`, `null` is a value, and one of the wrong type. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);
