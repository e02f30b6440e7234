import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { publishedSchemas } from './schemas.js';

for (const [file, schema] of publishedSchemas()) {
  const path = new URL(`../schemas/${file}`, import.meta.url);
  if (isDeepStrictEqual(written(path), schema)) continue;
  mkdirSync(new URL('.', path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
  console.log(`wrote schemas/${file}`);
}

function written(path: URL): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
