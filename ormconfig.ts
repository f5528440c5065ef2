import { PortableDataSource } from './src/database/portable-data-source.js';
import { dataSourceOptions } from './src/database/data-source-options.js';
import { loadSettings } from './src/config/load-settings.js';
import { entities } from './src/entities.js';

/** For TypeORM's own command line: `npm run typeorm -- migration:generate …`. */
export default new PortableDataSource(dataSourceOptions(loadSettings().database, entities));
