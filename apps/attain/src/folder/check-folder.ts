import { readFile } from 'node:fs/promises';
import {
  type DocumentProblem,
  type DocumentWarning,
  kindOf,
  parseDocuments,
  validateScenario,
} from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { createInstance, EVENT_STORE, HISTORY, type Instance } from '@attain/service';
import { basename, join } from 'node:path';
import { services } from '../modules.js';
import {
  type CompanyContents,
  filesNamed,
  inOrder,
  isFile,
  LeadsOut,
  problemAt,
  readFolder,
  realPathIn,
  shownPath,
} from '@attain/pipeline';
import { inGravity, placed, unreadIn } from './folder-warnings.js';
import { recordContents, type Recording } from './record-contents.js';

export interface CheckedFolder {
  readonly contents: CompanyContents | undefined;
  readonly problems: DocumentProblem[];
  /** Valid records that are probably mistakes, the gravest first. */
  readonly warnings: DocumentWarning[];
  readonly files: string[];
}

/**
 * All errors of a company folder: its files, the references between them, its plans with their examples, the unreadable
 * rows of its exports, and its scenarios. An instance of the services checks what only they know.
 */
export async function checkFolder(folder: string, recording: Recording = {}): Promise<CheckedFolder> {
  const { contents, problems, files } = await readFolder(folder);
  const found = [...problems, ...(await scenarioProblems(folder))];
  const unread = await unreadIn(folder, files);
  if (contents === undefined)
    return {
      contents,
      problems: inOrder(found),
      warnings: unread.filter(({ message }) => message.includes('did you mean')),
      files,
    };
  const instance = await createInstance(services, { logLevel: 'silent' });
  try {
    // Every deal of a person with a broken row would only repeat that its owner is unknown.
    const exports = (recording.exports ?? true) && !problems.some(({ file }) => basename(file) === 'people.csv');
    const recorded = await recordContents(
      instance,
      contents,
      { actor: 'check', correlation: 'check' },
      { ...recording, exports },
    );
    found.push(...recorded.problems);
    const isWhole = problems.length + recorded.problems.length === 0;
    for await (const { file, row, message } of waitingRows(instance.get(EVENT_STORE), contents)) {
      found.push(problemAt({ file, line: row, column: 1 }, message, 'quarantine'));
    }
    // Warnings would only repeat the errors.
    const warnings = isWhole && exports ? await warningsIn(instance, contents) : [];
    return { contents, problems: inOrder(found), warnings: inGravity([...unread, ...warnings]), files };
  } finally {
    await instance.close();
  }
}

/** The warnings of an instance that has recorded the folder, at their places in the files. */
export async function warningsIn(instance: Instance, contents: CompanyContents): Promise<DocumentWarning[]> {
  await instance.caughtUp();
  return placed(contents, instance.get(HISTORY).warnings());
}

/** The rows that wait in quarantine, with the expected values. */
export async function* waitingRows(
  store: EventStore,
  contents: CompanyContents,
): AsyncGenerator<{ file: string; row: number; message: string }> {
  const paths = new Map(
    contents.sources.flatMap(({ files }) => files.map((file) => [basename(file), shownPath(file)])),
  );
  for await (const page of store.readAll({ categories: ['quarantine'] })) {
    for (const { type, data } of page) {
      if (type !== 'RowQuarantined') continue;
      const { file, row, field, expected, found } = data as {
        file: string;
        row: number;
        field: string | null;
        expected: string;
        found: string | null;
      };
      const what = `expected ${expected}${found === null ? '' : `, found ${JSON.stringify(found)}`}`;
      yield { file: paths.get(file) ?? file, row, message: field === null ? what : `${field}: ${what}` };
    }
  }
}

async function scenarioProblems(folder: string): Promise<DocumentProblem[]> {
  const problems: DocumentProblem[] = [];
  for (const name of await filesNamed('scenarios/*.{yaml,yml}', folder)) {
    const file = join(shownPath(folder), name);
    const path = await realPathIn(folder, name).catch((error: unknown) => {
      if (!(error instanceof LeadsOut)) throw error;
      problems.push(problemAt({ file, line: 1, column: 1 }, error.message, 'outside'));
    });
    if (path === undefined || !(await isFile(path))) continue;
    const parsed = parseDocuments(await readFile(join(folder, name)), file);
    problems.push(...parsed.problems);
    for (const node of parsed.documents) {
      if (kindOf(node) === 'scenario') problems.push(...validateScenario(node).problems);
      else
        problems.push(
          problemAt(
            { file, ...node.locate([]) },
            'not a scenario: its first keys are `attain` and `scenario`',
            'value',
          ),
        );
    }
  }
  return problems;
}
