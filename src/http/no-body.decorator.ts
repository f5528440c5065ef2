import { RouteConfig } from '@nestjs/platform-fastify';

interface NoBodyConfig {
  readonly noBody?: boolean;
}

/** Marks a route that takes no body: whatever body comes, of whatever type and however broken, is ignored. */
export const NoBody = (): MethodDecorator => RouteConfig({ noBody: true } satisfies NoBodyConfig);

export function takesNoBody(config: unknown): boolean {
  return (config as NoBodyConfig | undefined)?.noBody === true;
}
