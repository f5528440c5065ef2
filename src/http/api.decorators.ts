import type * as Swagger from '@nestjs/swagger';

/**
 * `@nestjs/swagger`'s decorators, written down and applied when the document is made. Few processes are ever asked for
 * it, and that package is a fifth of the files that a start would read.
 */
const written: ((swagger: typeof Swagger) => void)[] = [];

type Decorators = {
  [Name in keyof typeof Swagger as Name extends `Api${string}` ? Name : never]: (typeof Swagger)[Name];
};

type Factory = (...options: unknown[]) => (...decorated: unknown[]) => void;

function later<Name extends keyof Decorators>(name: Name): Decorators[Name] {
  const factory: Factory =
    (...options) =>
    (...decorated) => {
      written.push((swagger) => (swagger[name] as Factory)(...options)(...decorated));
    };
  return factory as Decorators[Name];
}

/** The package itself, with everything that was decorated known to it. */
export async function loadSwagger(): Promise<typeof Swagger> {
  const swagger = await import('@nestjs/swagger');
  for (const apply of written.splice(0)) apply(swagger);
  return swagger;
}

export const ApiBasicAuth = later('ApiBasicAuth');
export const ApiBearerAuth = later('ApiBearerAuth');
export const ApiBody = later('ApiBody');
export const ApiCreatedResponse = later('ApiCreatedResponse');
export const ApiOkResponse = later('ApiOkResponse');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiProperty = later('ApiProperty');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiResponse = later('ApiResponse');
export const ApiSecurity = later('ApiSecurity');
export const ApiTags = later('ApiTags');
