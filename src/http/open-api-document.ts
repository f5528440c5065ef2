import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { loadSwagger } from './api.decorators.js';
import { completeDocument } from './complete-document.js';

const DESCRIPTION = `A small account and login server: students register, log in and are recognised by a token.

1. \`POST /student\` registers \`kyunghwan1\`, as prefilled.
2. **Authorize** under *basic* with \`kyunghwan1\` and \`1234\`; \`GET /login\` answers with a token.
3. **Authorize** under *x-access-token* with that token; \`GET /student\` lists the students.

Every failure has the body \`{"message": "…"}\` and no other key; what 401, 403 and the like mean is said at each route.`;

/** The OpenAPI 3.1 document of the application, as `/docs-json` serves it and `openapi.json` keeps it. */
export async function openApiDocument(app: NestFastifyApplication): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await loadSwagger();
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('student-auth')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addTag('Students', 'Register, list, look up.')
    .addTag('Login', 'From credentials to tokens, and back out.')
    .addTag('Sessions', 'Where one is logged in, and how to end that.')
    .addTag('Accounts', 'Change or delete a student.')
    .addTag('Operations', 'For those who run the server.')
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'The user-id is the name or the e-mail.' },
      'basic',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'x-access-token',
        description: 'The `token` of a login. Given beside a Bearer token, this one counts.',
      },
      'x-access-token',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The same token, the other way.' },
      'bearer',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return completeDocument(document);
}
