import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { Settings } from '../config/settings.js';

export const PUBLIC = 'access:public';

/** Whether a route is open under these settings. */
export type OpenWhen = (settings: Settings) => boolean;

/** Opens a route to callers without an access token; every other route is closed by the global guard. */
export const Public = (when: OpenWhen = () => true): CustomDecorator => SetMetadata(PUBLIC, when);
