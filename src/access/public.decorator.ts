import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const PUBLIC = 'access:public';

/** Opens a route to callers without an access token; every other route is closed by the global guard. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC, true);
