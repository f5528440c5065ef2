import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI 3.1 document of the application, as `/docs-json` serves it and `openapi.json` keeps it. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('student-auth')
    .setDescription(
      'A small account and login server: register, log in with HTTP Basic, be recognised by a token.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBasicAuth({ type: 'http', scheme: 'basic' }, 'basic')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-access-token' }, 'x-access-token');
  return SwaggerModule.createDocument(app, builder.build());
}

/** Swagger UI at `/docs`, its document at `/docs-json`. */
export async function configureSwagger(app: NestFastifyApplication): Promise<void> {
  SwaggerModule.setup('docs', app, openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    swaggerOptions: { persistAuthorization: true },
  });
  await Promise.resolve();
}
