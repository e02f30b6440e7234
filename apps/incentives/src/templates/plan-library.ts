import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsOf, type PlanNeeds } from '@attain/compensation';
import {
  type CompanyDocument,
  parseDocuments,
  type PlanDocument,
  validateCompany,
  validatePlan,
} from '@attain/contracts';

/** The typical plans, with sample people and exports. */
export const libraryFolder = join(import.meta.dirname, '../../plans');

/** A typical plan that comes with the product. */
export interface LibraryPlan {
  /** The name of its file. */
  readonly name: string;
  /** One sentence: when to use it. */
  readonly useFor: string;
  readonly text: string;
  readonly document: PlanDocument;
  readonly needs: PlanNeeds;
}

export function libraryCompany(): CompanyDocument {
  const { value } = validateCompany(
    parseDocuments(readFileSync(join(libraryFolder, 'company.yaml')), 'company.yaml').documents[0]!,
  );
  return value!;
}

/** All plans of the library, by name. Each call reads them again. */
export function libraryPlans(): LibraryPlan[] {
  const company = libraryCompany();
  const tables = readdirSync(join(libraryFolder, 'tables')).map((file) => file.replace('.csv', ''));
  const files = readdirSync(libraryFolder).filter((file) => file.endsWith('.yaml') && file !== 'company.yaml');
  return files.sort().map((file) => {
    const text = readFileSync(join(libraryFolder, file), 'utf8');
    const { value } = validatePlan(parseDocuments(text, file).documents[0]!);
    const document = value!;
    const useFor = /^# Use it for: (.*)$/m.exec(text)?.[1] ?? '';
    return { name: file.replace('.yaml', ''), useFor, text, document, needs: needsOf(document, company, tables) };
  });
}
