import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type DocumentProblem,
  formatProblem,
  parseDocuments,
  type PlanDocument,
  validatePlan,
} from '@attain/contracts';
import {
  changesBetween,
  type PlanDiff,
  PlanQueries,
  planSentences,
  type PublishedWithWarnings,
} from '@attain/incentives';
import { createInstance } from '@attain/service';
import { Command } from 'commander';
import { problemAt, readFolder } from '@attain/pipeline';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { aimed, type Target, withApi } from './api.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function planCommand(terminal: Terminal): Command {
  return new Command('plan')
    .summary('check, publish, sign and compare plans')
    .addCommand(check(terminal))
    .addCommand(publish(terminal))
    .addCommand(sign(terminal))
    .addCommand(diff(terminal));
}

interface CheckedExample {
  name: string;
  passed: boolean;
  failures: { expected: string; actual: string; line: number }[];
}

function check(terminal: Terminal): Command {
  return new Command('check')
    .summary('check plan documents and their examples')
    .description(
      'Checks plan documents against the company folder that they stand in, and runs their examples; nothing is stored.',
    )
    .argument('<files...>', 'plan documents')
    .option('--company <dir>', 'the company folder; default the one above each file')
    .option('--json', 'problems and examples as JSON')
    .addHelpText('after', '\nExample:\n  attain plan check apps/attain/demo/plans/account-executive.yaml')
    .action(async (files: string[], options: { company?: string; json?: boolean }) => {
      const results = [];
      for (const file of files) results.push(await checkFile(file, options.company ?? companyAbove(file)));
      if (options.json) terminal.out(`${JSON.stringify(results, null, 2)}\n`);
      else for (const result of results) terminal.out(toldCheck(result));
      if (results.some(({ problems, examples }) => problems.length > 0 || examples.some(({ passed }) => !passed)))
        throw new Stop(exitCodes.no, '');
    });
}

function companyAbove(file: string): string {
  for (let dir = dirname(resolve(file)); ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'company.yaml'))) return dir;
    if (dir === dirname(dir))
      throw new Stop(exitCodes.usage, `${file} stands in no company folder: say which with --company`);
  }
}

async function checkFile(
  file: string,
  company: string,
): Promise<{ file: string; problems: DocumentProblem[]; examples: CheckedExample[] }> {
  const { contents, problems: wrong } = await readFolder(resolve(company));
  if (contents === undefined) return { file, problems: wrong, examples: [] };
  const { documents, problems } = parseDocuments(await readFile(file), file);
  const examples: CheckedExample[] = [];
  const instance = await createInstance(services, { logLevel: 'silent' });
  try {
    await recordContents(instance, { ...contents, plans: [], sources: [] }, { actor: 'check', correlation: 'check' });
    for (const node of documents) {
      const { problems: malformed } = validatePlan(node);
      const checked =
        malformed.length > 0 ? { problems: [], examples: [] } : await instance.get(PlanQueries).check(node.value);
      const at = (path: readonly (string | number)[]) => ({ file, ...node.locate(path) });
      problems.push(
        ...malformed,
        ...checked.problems.map(({ path, code, message }) => problemAt(at(path), message, code, path)),
      );
      examples.push(
        ...checked.examples.map(({ name, passed, failures }) => ({
          name,
          passed,
          failures: failures.map(({ path, expected, actual }) => ({ expected, actual, line: at(path).line })),
        })),
      );
    }
    return { file, problems, examples };
  } finally {
    await instance.close();
  }
}

function toldCheck({ file, problems, examples }: Awaited<ReturnType<typeof checkFile>>): string {
  const lines = problems.map(formatProblem);
  for (const { name, passed, failures } of examples) {
    lines.push(
      `${passed ? '✓' : '✗'} ${file}: example “${name}”`,
      ...failures.map(({ expected, actual, line }) => `    ${file}:${line}: expected ${expected}, came out ${actual}`),
    );
  }
  if (problems.length === 0 && examples.length === 0) lines.push(`✓ ${file}: no errors, no examples`);
  return lines.map((line) => `${line}\n`).join('');
}

function publish(terminal: Terminal): Command {
  return aimed(new Command('publish'))
    .summary('publish a version of a plan')
    .description(
      'Publishes one version of one plan; refused while it has errors, while an example fails, or when the version says something else already.',
    )
    .argument('<file>', 'the plan document')
    .option('--reason <text>', 'why')
    .option('--json', 'the answer as JSON')
    .addHelpText('after', '\nExample:\n  attain plan publish plans/account-executive.yaml --data .attain/data')
    .action((file: string, { reason, json, ...target }: Target & { reason?: string; json?: boolean }) =>
      withApi(target, 'finance', async (api) => {
        const published = await api.send<PublishedWithWarnings>('/plans', {
          text: await readFile(file, 'utf8'),
          ...(reason !== undefined && { reason }),
        });
        terminal.out(
          json
            ? `${JSON.stringify(published, null, 2)}\n`
            : `${published.plan} ${published.version} is published (${published.hash})\n`,
        );
        if (!json)
          for (const { code, message } of published.warnings ?? []) terminal.err(`warning ${code}: ${message}\n`);
        if (!json && published.warnings === null)
          terminal.err('the server could not compute the warnings in time: ask for them with GET /v1/warnings\n');
      }),
    );
}

function sign(terminal: Terminal): Command {
  return aimed(new Command('sign'))
    .summary('sign a version of a plan')
    .description(
      'Signs a published version of a plan for yourself; finance records a signature on paper with --participant.',
    )
    .argument('<plan>')
    .argument('<version>')
    .option('--participant <id>', 'who signs; default yourself')
    .option('--hash <hash>', 'the hash of the version that was read; another one is refused')
    .option('--reason <text>', 'why, or where the paper is')
    .option('--json', 'the answer as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  attain plan sign "Account executive" 2017.1 --participant anna-snelling --reason "paper of 3 January"',
    )
    .action((plan: string, version: string, { participant, hash, reason, json, ...target }: Target & Signing) =>
      withApi(target, participant === undefined ? 'rep' : 'finance', async (api) => {
        const answer = await api.send<{ revision: number }>(
          `/plans/${encodeURIComponent(plan)}/versions/${encodeURIComponent(version)}/sign`,
          { participant, hash, reason },
        );
        terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : `${plan} ${version} is signed\n`);
      }),
    );
}
interface Signing {
  participant?: string;
  hash?: string;
  reason?: string;
  json?: boolean;
}

function diff(terminal: Terminal): Command {
  return aimed(new Command('diff'))
    .summary('compare two versions of a plan')
    .description(
      'Says in sentences what changed from one published version of a plan to another, in the document and in the measures and tables that it uses; ' +
        'or from one plan document to another, without a server.',
    )
    .argument('<plan>', 'the plan, or a plan document')
    .argument('<from>', 'a version, or another plan document')
    .argument('[to]', 'another version')
    .option('--json', 'the sentences, and the changes with their paths, as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  attain plan diff "Account executive" 2017.1 2018.1\n  attain plan diff plans/ae-2017.yaml plans/ae-2018.yaml',
    )
    .action(
      async (plan: string, from: string, to: string | undefined, { json, ...target }: Target & { json?: boolean }) => {
        const show = (found: PlanDiff) =>
          terminal.out(
            json
              ? `${JSON.stringify(found, null, 2)}\n`
              : `${found.sentences.length === 0 ? 'Nothing changes.' : found.sentences.join('\n')}\n`,
          );
        if (to === undefined) return show(diffOfFiles(await planIn(plan), await planIn(from)));
        await withApi(target, 'finance', async (api) =>
          show(await api.get<PlanDiff>(`/plans/${encodeURIComponent(plan)}/diff`, { from, to })),
        );
      },
    );
}

function diffOfFiles(before: PlanDocument, after: PlanDocument): PlanDiff {
  return { changes: changesBetween(before, after), sentences: planSentences(before, after) };
}

async function planIn(file: string): Promise<PlanDocument> {
  if (!existsSync(file))
    throw new Stop(
      exitCodes.usage,
      `there is no file ${file}: name two plan documents, or a plan and two of its versions`,
    );
  const { documents, problems } = parseDocuments(await readFile(file), file);
  const [document] = documents;
  if (document === undefined || documents.length > 1 || problems.length > 0)
    throw new Stop(
      exitCodes.no,
      problems.map(formatProblem).join('\n') || `${file}: expected one plan, found ${documents.length} documents`,
    );
  const { value, problems: wrong } = validatePlan(document);
  if (value === undefined || wrong.length > 0) throw new Stop(exitCodes.no, wrong.map(formatProblem).join('\n'));
  return value;
}
