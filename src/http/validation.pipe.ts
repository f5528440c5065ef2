import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { InvalidRequest } from '../common/failures.js';
import type { Settings } from '../config/settings.js';
import { type FieldFault, fieldFaults, unstorableFault } from './field-faults.js';
import { hasFurtherRules } from './further-rules.js';
import { shownKey } from './shown-key.js';

type DtoClass = new () => object;
type Fields = ReadonlySet<string>;

/** Carries the faults of known fields from Nest's pipe to ours. */
class Faulty extends Error {
  constructor(readonly faults: readonly FieldFault[]) {
    super('faulty fields');
  }
}

/**
 * Checks bodies and queries against their DTO classes and tells all faults at once: one a field, in the DTO's order,
 * then the keys no field has. Those are refused in a body and ignored in a query. Nothing is coerced.
 *
 * Of a field's rules the one nearest to the field is checked first, and the first that fails is told: put the type there.
 */
@Injectable()
export class RequestValidationPipe extends ValidationPipe {
  private readonly fieldsOf = new WeakMap<DtoClass, Fields>();

  constructor(private readonly settings: Settings) {
    super({
      transform: true,
      stopAtFirstError: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: (errors: ValidationError[]) => new Faulty(fieldFaults(errors)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type, metatype } = metadata;
    if (type === 'param' || metadata.data !== undefined || !this.toValidate(asBody(metadata))) {
      return super.transform(value, metadata) as Promise<unknown>;
    }
    const fields = this.fields(metatype as DtoClass);
    // A parameter decorator of ours that hands over a body, or nothing where the route needs none this time.
    if (type === 'custom' && (fields.size === 0 || value === undefined)) return value;
    const given = (value ?? {}) as Record<string, unknown>;
    // Only what the DTO knows goes on to class-transformer: `__proto__`, `constructor` and `toString` are keys like others.
    const known = Object.fromEntries(Object.entries(given).filter(([key]) => fields.has(key)));
    const unknown = type !== 'query' ? Object.keys(given).filter((key) => !fields.has(key)) : [];
    const faults = new Map<string, readonly string[]>();
    const dto = await this.check(known, asBody(metadata), faults);
    for (const field of fields) {
      const unstorable = unstorableFault(field, known[field]);
      if (unstorable !== undefined) faults.set(field, [unstorable]);
    }
    this.checkFurther(dto, faults);
    const told = [...fields].flatMap((field) => faults.get(field) ?? []);
    if (told.length === 0 && unknown.length === 0) return dto;
    throw new InvalidRequest([...told, ...unknown.map((key) => `${shownKey(key)} is not allowed`)]);
  }

  private async check(
    known: Record<string, unknown>,
    metadata: ArgumentMetadata,
    faults: Map<string, readonly string[]>,
  ): Promise<object> {
    try {
      return (await super.transform(known, metadata)) as object;
    } catch (thrown) {
      if (!(thrown instanceof Faulty)) throw thrown;
      for (const { field, fault } of thrown.faults) faults.set(field, [fault]);
      return plainToInstance(metadata.metatype as DtoClass, known);
    }
  }

  private checkFurther(dto: object, faults: Map<string, readonly string[]>): void {
    if (!hasFurtherRules(dto)) return;
    for (const [field, further] of dto.furtherFaults(this.settings)) {
      if (!faults.has(field)) faults.set(field, further);
    }
  }

  /** The fields a DTO class declares rules for, inherited ones last. */
  private fields(dto: DtoClass): Fields {
    const known = this.fieldsOf.get(dto);
    if (known) return known;
    const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    const fields: Fields = new Set(rules.map((rule) => rule.propertyName));
    this.fieldsOf.set(dto, fields);
    return fields;
  }
}

/** Bodies that come through a parameter decorator of ours are checked as bodies. */
function asBody(metadata: ArgumentMetadata): ArgumentMetadata {
  return metadata.type === 'custom' ? { ...metadata, type: 'body' } : metadata;
}
