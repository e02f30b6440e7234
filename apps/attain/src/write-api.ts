import { writeFile } from 'node:fs/promises';
import { apiDocument } from './api-document.js';

const place = new URL('../../../libs/client/openapi.json', import.meta.url);
await writeFile(place, `${JSON.stringify(await apiDocument(), null, 2)}\n`);
