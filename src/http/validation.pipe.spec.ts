import { IsString, Length } from 'class-validator';
import { DomainError } from '../common/domain-error.js';
import type { Settings } from '../config/settings.js';
import type { FurtherRules } from './further-rules.js';
import { MayBeAbsent } from './may-be-absent.decorator.js';
import { RequestValidationPipe } from './validation.pipe.js';

class Dto implements FurtherRules {
  @Length(1, 5, { message: 'must have 1 to 5 characters' })
  @IsString({ message: 'must be a string' })
  name!: string;

  @IsString({ message: 'note must be a string' })
  @MayBeAbsent()
  note?: string;

  furtherFaults({ passwordMinLength }: Settings): ReadonlyMap<string, readonly string[]> {
    return this.note !== undefined && this.name === this.note
      ? new Map([['note', ['note must differ from name', `note ${passwordMinLength}`]]])
      : new Map();
  }
}

const pipe = new RequestValidationPipe({ passwordMinLength: 8 } as Settings);

async function faultsOf(body: unknown, type: 'body' | 'query' = 'body'): Promise<string> {
  try {
    await pipe.transform(body, { type, metatype: Dto });
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.kind === 'bad-request') return thrown.message;
    throw thrown;
  }
  return 'none';
}

describe('RequestValidationPipe', () => {
  it('hands on an instance of the DTO', async () => {
    const dto: unknown = await pipe.transform({ name: 'abc' }, { type: 'body', metatype: Dto });
    expect(dto).toBeInstanceOf(Dto);
    expect(dto).toEqual({ name: 'abc' });
  });

  it.each([1, true, null, [], {}, ['abc'], undefined])('does not take %j for a string', async (name) => {
    expect(await faultsOf({ name })).toBe('name must be a string');
  });

  it('tells one fault a field in the order of the fields, then unknown keys', async () => {
    expect(await faultsOf({ role: 'admin', note: 1, name: 'toolong', id: 1 })).toBe(
      'name must have 1 to 5 characters; note must be a string; role is not allowed; id is not allowed',
    );
  });

  it('takes null for a value, and an absent field for absent', async () => {
    expect(await faultsOf({ name: 'abc', note: null })).toBe('note must be a string');
    expect(await faultsOf({ name: 'abc' })).toBe('none');
  });

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'furtherFaults',
  ])('refuses the key %s like any other', async (key) => {
    const body: unknown = JSON.parse(`{"name":"abc",${JSON.stringify(key)}:{"polluted":true}}`);
    expect(await faultsOf(body)).toBe(`${key} is not allowed`);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('shows odd keys quoted, escaped and cut', async () => {
    const keys = { 'a; b': 1, 'x\u0000\u202e"': 1, '': 1, ['k'.repeat(100)]: 1, ['😀'.repeat(70)]: 1 };
    expect(await faultsOf({ name: 'abc', ...keys })).toBe(
      `"a; b" is not allowed; "x\\u{0}\\u{202e}\\u{22}" is not allowed; "" is not allowed; ` +
        `"${'k'.repeat(64)}…" is not allowed; "${'😀'.repeat(64)}…" is not allowed`,
    );
  });

  it('tells ten faults and counts the rest', async () => {
    const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 1]));
    expect(await faultsOf({ name: 1, ...keys })).toBe(
      `name must be a string; ${Array.from({ length: 9 }, (_, index) => `k${index} is not allowed`).join('; ')}; and 4991 more`,
    );
  });

  it.each(['a\0', '\ud800', '\udc00a', 'toolong\0'])('refuses the unstorable text %j', async (name) => {
    expect(await faultsOf({ name })).toBe('name must not contain NUL or unpaired surrogates');
  });

  it('takes a whole surrogate pair for a character', async () => {
    expect(await faultsOf({ name: '😀' })).toBe('none');
  });

  it('asks the DTO for further faults, of fields that have none yet', async () => {
    expect(await faultsOf({ name: 'abc', note: 'abc' })).toBe('note must differ from name; note 8');
    expect(await faultsOf({ name: 1, note: 1 })).toBe('name must be a string; note must be a string');
  });

  it('ignores unknown keys of a query', async () => {
    expect(await faultsOf({ name: 'abc', other: 'x' }, 'query')).toBe('none');
    expect(await faultsOf({ name: ['abc', 'abc'] }, 'query')).toBe('name must be a string');
  });

  it('takes no body for an empty one', async () => {
    expect(await faultsOf(undefined)).toBe('name must be a string');
  });
});
