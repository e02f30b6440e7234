import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { formatProblem, parseDocuments, validateScenario } from '../index.js';

const folder = new URL('../../../../../shared/scenarios/', import.meta.url);
const present = existsSync(folder);
const itShared = present ? it : it.skip;
const files = present ? readdirSync(folder).filter((file) => file.endsWith('.yaml')) : ['no shared scenarios are here'];

describe('the shared scenarios are of the form of scenarios', () => {
  itShared.each(files)('%s', (file) => {
    const { documents, problems } = parseDocuments(readFileSync(new URL(file, folder)), file);
    const validated = documents.map(validateScenario);
    const found = [...problems, ...validated.flatMap((document) => document.problems)];
    expect(found.map(formatProblem)).toEqual([]);
    expect(validated.every(({ value }) => value !== undefined)).toBe(true);
  });
});
