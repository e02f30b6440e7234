import { publish } from './publish.js';
import { publishedSchemas } from './schemas.js';

for (const file of publish(new URL('../schemas/', import.meta.url), publishedSchemas()))
  console.log(`wrote schemas/${file}`);
