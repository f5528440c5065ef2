import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { DOCS_ASSETS, DOCS_INIT_SCRIPT, docsPage } from './docs-page.js';
import { openApiDocument } from './open-api-document.js';

const ASSETS_FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const ASSETS_MAX_AGE_S = 3600;

/** May be kept, but is asked for again: it changes with the program. */
const REVALIDATED = 'no-cache';

/**
 * A page that runs scripts needs more than JSON does. HSTS, COOP and `upgrade-insecure-requests` are left to whoever
 * puts TLS in front: over plain HTTP they do nothing, or keep the page from working.
 */
const PAGE_SECURITY: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
};

/**
 * Swagger UI at `/docs`, from its own assets, and the OpenAPI document at `/docs-json`. After `configureHttp`, whose
 * hooks the routes inherit, and before `app.init()`.
 */
export async function configureSwagger(app: NestFastifyApplication): Promise<void> {
  // Made when it is first asked for: few processes ever are, and all of them start faster.
  let document: Promise<OpenAPIObject> | undefined;
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  await instance.register(async (docs) => {
    await docs.register(helmet, PAGE_SECURITY);
    await docs.register(fastifyStatic, { root: ASSETS_FOLDER, serve: false });

    docs.get('/docs-json', async (_request, reply) => {
      document ??= openApiDocument(app);
      return reply.header('cache-control', REVALIDATED).send(await document);
    });
    for (const [path, assets] of [
      ['/docs', 'docs/'],
      ['/docs/', './'],
    ] as const) {
      const page = docsPage(assets);
      docs.get(path, (_request, reply) =>
        reply.header('cache-control', REVALIDATED).type('text/html; charset=utf-8').send(page),
      );
    }
    docs.get('/docs/init.js', (_request, reply) =>
      reply
        .header('cache-control', REVALIDATED)
        .type('text/javascript; charset=utf-8')
        .send(DOCS_INIT_SCRIPT),
    );
    for (const asset of DOCS_ASSETS) {
      docs.get(`/docs/${asset}`, (_request, reply) =>
        reply.sendFile(asset, { maxAge: ASSETS_MAX_AGE_S * 1000 }),
      );
    }
  });
}
