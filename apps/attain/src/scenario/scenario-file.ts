import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DocumentNode,
  type DocumentProblem,
  kindOf,
  parseDocuments,
  type ScenarioDocument,
  validateScenario,
} from '@attain/contracts';
import { filesNamed, problemAt } from '@attain/pipeline';

/** One of the scenarios of a file. */
export interface ScenarioInFile {
  readonly node: DocumentNode;
  readonly document: ScenarioDocument;
}
export interface ReadScenarios {
  readonly scenarios: ScenarioInFile[];
  /** The problems that prevent a run, at their places. */
  readonly problems: DocumentProblem[];
}

/** Reads what files, directories (every scenario below them) and patterns name, in the order of their names. */
export async function readScenarios(named: readonly string[]): Promise<ReadScenarios> {
  const scenarios: ScenarioInFile[] = [];
  const problems: DocumentProblem[] = [];
  for (const name of named) {
    const { files, only } = await filesOf(name);
    if (files.length === 0)
      problems.push(problemAt({ file: name, line: 1, column: 1 }, 'there is no such file', 'missing'));
    for (const file of files) {
      const parsed = parseDocuments(await readFile(file), file);
      if (only === 'scenarios' && !parsed.documents.some((node) => kindOf(node) === 'scenario')) continue;
      problems.push(...parsed.problems);
      for (const node of parsed.documents) {
        const { value: document, problems: found } = validateScenario(node);
        problems.push(...found);
        if (document !== undefined && found.length === 0) scenarios.push({ node, document });
      }
    }
  }
  return { scenarios, problems };
}

async function filesOf(name: string): Promise<{ files: string[]; only: 'all' | 'scenarios' }> {
  const found = await stat(name).catch(() => undefined);
  if (found?.isDirectory()) {
    const names = (await readdir(name, { recursive: true })).filter(
      (file) => /\.ya?ml$/.test(file) && !file.includes('node_modules'),
    );
    return { files: names.sort().map((file) => join(name, file)), only: 'scenarios' };
  }
  if (found !== undefined) return { files: [name], only: 'all' };
  return { files: await filesNamed(name), only: 'all' };
}
