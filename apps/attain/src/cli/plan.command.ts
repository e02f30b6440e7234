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
import { diffPlanDraft, diffPlanVersions, type PublishedPlan, publishPlan, signPlanVersion } from '@attain/client';
import { changesBetween, type PlanDiff, PlanQueries, planSentences } from '@attain/incentives';
import { createInstance } from '@attain/service';
import { Command } from 'commander';
import { problemAt, readFolder } from '@attain/pipeline';
import { cost, curve } from './plan-draft.command.js';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { answering, described, type Given } from './answering.js';
import { aimed, type Api, withApi } from './api.js';
import { Answered } from './refused.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function planCommand(terminal: Terminal): Command {
  return described('plan', 'check, publish, sign and compare plans')
    .addCommand(check(terminal))
    .addCommand(publish(terminal))
    .addCommand(sign(terminal))
    .addCommand(diff(terminal))
    .addCommand(curve(terminal))
    .addCommand(cost(terminal));
}

interface CheckedExample {
  name: string;
  passed: boolean;
  failures: { expected: string; actual: string; line: number }[];
}

function check(terminal: Terminal): Command {
  return described(
    'check',
    'check plan documents and their examples',
    'Checks plan documents against their company folder, and runs their examples. Nothing is stored.',
    ['attain plan check apps/attain/demo/plans/account-executive.yaml'],
  )
    .argument('<files...>', 'plan documents')
    .option('--company <dir>', 'the company folder; otherwise the folder above each file that has a company.yaml')
    .option('--json', 'print problems and examples as JSON')
    .action(async (files: string[], options: { company?: string; json?: boolean }) => {
      const results = [];
      for (const file of files) results.push(await checkFile(file, options.company ?? companyAbove(file)));
      if (options.json) terminal.out(`${JSON.stringify(results, null, 2)}\n`);
      else for (const result of results) terminal.out(toldCheck(result));
      if (results.some(({ problems, examples }) => problems.length > 0 || examples.some(({ passed }) => !passed)))
        throw new Stop(exitCodes.no, '', { code: 'PLAN_ERRORS', detail: 'a plan has errors, or an example fails' });
    });
}

function companyAbove(file: string): string {
  for (let dir = dirname(resolve(file)); ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'company.yaml'))) return dir;
    if (dir === dirname(dir))
      throw new Stop(
        exitCodes.usage,
        `${file} is in no company folder, because no folder above it has a company.yaml: name the company folder with --company`,
      );
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
      ...failures.map(({ expected, actual, line }) => `    ${file}:${line}: expected ${expected}, found ${actual}`),
    );
  }
  if (problems.length === 0 && examples.length === 0) lines.push(`✓ ${file}: no errors, no examples`);
  return lines.map((line) => `${line}\n`).join('');
}

function publish(terminal: Terminal): Command {
  const command = described(
    'publish',
    'publish a version of a plan',
    'Publishes one version of one plan. Refused while the plan has errors or an example fails, and when the version exists with another content.',
    ['attain plan publish apps/attain/demo/plans/account-executive.yaml --data .attain/demo --yes'],
  )
    .argument('<file>', 'the plan document')
    .option('--reason <text>', 'the reason; it stays with the event');
  return answering<[string], { reason?: string }, PublishedPlan>(terminal, command, {
    effect: async (api, [file]) => effectOfPublishing(api, await textOf(file), file),
    ask: async (api, [file], { reason }) =>
      api.ask(publishPlan, { body: { text: await textOf(file), ...(reason !== undefined && { reason }) } }),
    text({ plan, version, hash, warnings }) {
      for (const { code, message } of warnings ?? []) terminal.err(`warning ${code}: ${message}\n`);
      if (warnings === null)
        terminal.err('the server could not compute the warnings in time: the operation listWarnings returns them\n');
      return `${plan} ${version} is published (${hash})\n`;
    },
  });
}

/** The changes of a plan as sentences; publishing refuses a plan with errors. */
async function effectOfPublishing(api: Api, text: string, file: string): Promise<string | undefined> {
  const { documents } = parseDocuments(Buffer.from(text), file);
  const { value } = documents.length === 1 ? validatePlan(documents[0]!) : {};
  if (value === undefined) return undefined;
  const found = await api.ask(diffPlanDraft, { body: { text } }).catch((error: unknown) => {
    // Publishing then states the problems.
    if (error instanceof Answered && error.status === 409) return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const from = `from ${value.effective.from}`;
  if (found.follows === null) return `${value.plan} ${value.version} is a new plan, and pays ${from}.`;
  const changes = found.sentences.length === 0 ? ['Nothing changes.'] : found.sentences;
  return [`${value.plan} ${value.version} follows ${found.follows}, and pays ${from}.`, ...changes].join('\n');
}

function sign(terminal: Terminal): Command {
  const command = described(
    'sign',
    'sign a version of a plan',
    'Signs a published version of a plan for yourself. Finance records a signature on paper with --participant.',
    ['attain plan sign "Account executive" 2017.1 --participant anna-snelling --reason "paper of 3 January"'],
  )
    .argument('<plan>', 'the name of the plan')
    .argument('<version>', 'the version')
    .option('--participant <id>', 'the participant who signs; otherwise yourself')
    .option('--hash <hash>', 'the hash of the version that was read; another hash is refused')
    .option('--reason <text>', 'the reason, or where the paper is');
  return answering<[string, string], Signing>(terminal, command, {
    as: (_, { participant }) => (participant === undefined ? 'rep' : 'finance'),
    ask: (api, [plan, version], { participant, hash, reason }) =>
      api.ask(signPlanVersion, { path: { plan, version }, body: { participant, hash, reason } }),
    text: (_, [plan, version]) => `${plan} ${version} is signed\n`,
  });
}
interface Signing {
  participant?: string;
  hash?: string;
  reason?: string;
}

function diff(terminal: Terminal): Command {
  return aimed(
    described(
      'diff',
      'compare two versions of a plan',
      'States in sentences what changed from one published version of a plan to another, in the document and in the measures and tables that ' +
        'it uses; or from one plan document to another, without a server.',
      [
        'attain plan diff "Account executive" 2017.1 2018.1',
        'attain plan diff apps/attain/demo/plans/account-executive.yaml apps/attain/demo/plans/sales-associate.yaml',
      ],
    ),
  )
    .argument('<plan>', 'the plan, or a plan document')
    .argument('<from>', 'a version, or another plan document')
    .argument('[to]', 'another version')
    .option('--json', 'print the sentences, and the changes with their paths, as JSON')
    .action(async (plan: string, from: string, to: string | undefined, { json, ...target }: Given) => {
      const show = (found: Pick<PlanDiff, 'changes' | 'sentences'>) =>
        terminal.out(
          json
            ? `${JSON.stringify(found, null, 2)}\n`
            : `${found.sentences.length === 0 ? 'Nothing changes.' : found.sentences.join('\n')}\n`,
        );
      if (to === undefined) return show(diffOfFiles(await planIn(plan), await planIn(from)));
      await withApi(target, 'finance', async (api) =>
        show(await api.ask(diffPlanVersions, { path: { plan }, query: { from, to } })),
      );
    });
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8');
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
