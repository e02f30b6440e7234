import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentProblem, located, parseDocuments, problemsOf } from '@attain/contracts';
import type { Demo } from '@attain/service';
import { z } from 'zod';
import { type CompanyContents, LeadsOut, problemAt, realPathIn } from '@attain/pipeline';

const name = z.string().min(1);
const demoSchema = z.strictObject({
  attain: z.literal('1').optional(),
  /** The participants as whom the one-click sign-in signs visitors in. */
  signIn: z.strictObject({ rep: name, manager: name }),
  /** The period that is closed, with every earlier one, when the folder is served for the first time. */
  close: name.optional(),
});

export interface DemoFolder {
  demo: Demo;
  close: string | undefined;
}

/** demo.yaml, which makes a company folder a demo; undefined where there is none. */
export async function readDemo(
  folder: string,
  contents: CompanyContents,
): Promise<{ demo: DemoFolder | undefined; problems: DocumentProblem[] }> {
  const file = join(folder, 'demo.yaml');
  if (!existsSync(file)) return { demo: undefined, problems: [] };
  try {
    await realPathIn(folder, 'demo.yaml');
  } catch (error) {
    if (error instanceof LeadsOut)
      return { demo: undefined, problems: [problemAt({ file, line: 1, column: 1 }, error.message, 'outside')] };
    throw error;
  }
  const { documents, problems } = parseDocuments(await readFile(file), file);
  const [node] = documents;
  if (!node) return { demo: undefined, problems };
  const parsed = demoSchema.safeParse(node.value);
  if (!parsed.success) return { demo: undefined, problems: located(node, problemsOf(parsed.error.issues)) };
  const names = new Map(contents.people.map(({ value }) => [value.id, value.name ?? value.id]));
  const { signIn, close } = parsed.data;
  for (const as of ['rep', 'manager'] as const) {
    if (!names.has(signIn[as]))
      problems.push(
        problemAt(
          { file, ...node.locate(['signIn', as]) },
          `there is no person ${JSON.stringify(signIn[as])}`,
          'unknown-name',
        ),
      );
  }
  const caller = (participant: string) => ({ participant, name: names.get(participant) ?? participant });
  const company = (contents.company.value.company as string | undefined) ?? 'Demo';
  return { demo: { demo: { company, rep: caller(signIn.rep), manager: caller(signIn.manager) }, close }, problems };
}
