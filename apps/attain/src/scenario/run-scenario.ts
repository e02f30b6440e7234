import type { DocumentProblem, ScenarioExpectation, ScenarioStep, Statement } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { ApprovalCommands, StatementQueries } from '@attain/incentives';
import { createInstance, EVENT_STORE, HISTORY, type Instance, Malformed, OutOfScope } from '@attain/service';
import type { Instant } from '@attain/values';
import { type CompanyContents, documentProblems, problemAt } from '@attain/pipeline';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { check, type Checked } from './expectation.rules.js';
import { companyOf } from './inline-company.js';
import { otherOrders } from './orders.rules.js';
import type { ScenarioInFile } from './scenario-file.js';
import { beginning, recordOf, type Schedule, schedule, type Scheduled, type ScheduledEntry } from './schedule.rules.js';
import { Steps } from './steps.js';

/** An expectation with its result, and the lines of its failures. */
export interface CheckedExpectation extends Checked {
  file: string;
  line: number;
  failures: (Checked['failures'][number] & { line: number })[];
}
export interface ScenarioResult {
  file: string;
  line: number;
  scenario: string;
  passed: boolean;
  expectations: CheckedExpectation[];
  /** The problems that stopped the scenario. */
  problems: DocumentProblem[];
  /** The number of other orders of its facts that were run. */
  orders: number;
  /** The first other order with another result: the facts in that order, and the failures. */
  otherwise?: { facts: string[]; expectations: CheckedExpectation[]; problems: DocumentProblem[] };
}

const MOST_ORDERS = 200;

/** Runs a scenario, and on demand every other order of its facts, each in an instance of its own. */
export async function runScenario(scenario: ScenarioInFile): Promise<ScenarioResult> {
  const { node, document } = scenario;
  const result = {
    file: node.file,
    line: node.locate(['scenario']).line,
    scenario: document.scenario,
    expectations: [],
    orders: 0,
    passed: false,
  };
  const { contents, problems } = await companyOf(scenario);
  if (contents === undefined || problems.length > 0) return { ...result, problems };

  const written = await play(scenario, contents, (entries) => entries);
  const passed = isPassed(written);
  if (!passed || document.shuffle !== 'yes') return { ...result, ...written, passed };

  const orders = otherOrders(movable(document.history), MOST_ORDERS);
  for (const order of orders) {
    const other = await play(scenario, contents, (entries) =>
      order.map((index, place) => ({ ...entries[index]!, at: entries[place]!.at })),
    );
    if (!isPassed(other)) {
      const facts = order.flatMap((index) =>
        document.history[index]!.is === 'step' ? [`line ${node.locate(['history', index]).line}`] : [],
      );
      return { ...result, ...written, orders: orders.length, passed: false, otherwise: { facts, ...other } };
    }
  }
  return { ...result, ...written, orders: orders.length, passed };
}

const isPassed = ({
  expectations,
  problems,
}: {
  expectations: readonly CheckedExpectation[];
  problems: readonly DocumentProblem[];
}) => problems.length === 0 && expectations.every(({ failures }) => failures.length === 0);

/** Records the history once, in the given order, from an empty store to the last expectation. */
async function play(
  scenario: ScenarioInFile,
  contents: CompanyContents,
  order: (entries: ScheduledEntry[]) => ScheduledEntry[],
): Promise<{ expectations: CheckedExpectation[]; problems: DocumentProblem[] }> {
  const { node, document } = scenario;
  const zone = (contents.company.value.timeZone as string | undefined) ?? 'UTC';
  let now: Instant = beginning(document.history, zone);
  const instance = await createInstance(services, { clock: () => now, logLevel: 'silent' });
  try {
    const context = { actor: 'scenario', correlation: 'company' };
    const { problems } = await recordContents(instance, contents, context);
    if (problems.length > 0) return { expectations: [], problems };
    await instance.caughtUp();
    const { calendar } = instance.get(HISTORY).company();
    const plan = schedule(document, calendar, zone);
    if (plan.problems.length > 0)
      return {
        expectations: [],
        problems: plan.problems.map(({ path, message }) =>
          problemAt({ file: node.file, ...node.locate(path) }, message, 'order'),
        ),
      };

    const steps = new Steps(
      instance,
      node,
      zone,
      contents.sources.map(({ source }) => source),
    );
    const expectations: CheckedExpectation[] = [];
    for (const scheduled of inTurn(plan, order)) {
      now = scheduled.at;
      if (isStep(scheduled)) {
        const refused = await take(instance, steps, scheduled, scenario);
        if (refused.length > 0) return { expectations, problems: refused };
      } else expectations.push(await ask(instance, scheduled, scenario, zone));
    }
    return { expectations, problems: [] };
  } finally {
    await instance.close();
  }
}

function inTurn(
  { history, expect }: Schedule,
  order: (entries: ScheduledEntry[]) => ScheduledEntry[],
): ScheduledEntry[] {
  return [...order(history), ...expect];
}

const isStep = (scheduled: ScheduledEntry): scheduled is Scheduled<ScenarioStep> => scheduled.entry.is === 'step';

async function take(
  instance: Instance,
  steps: Steps,
  scheduled: Scheduled<ScenarioStep>,
  { node }: ScenarioInFile,
): Promise<DocumentProblem[]> {
  const { entry, path } = scheduled;
  const store = instance.get(EVENT_STORE);
  const before = await store.head();
  const problem = (message: string, code = 'value') => [
    problemAt({ file: node.file, ...node.locate([...path, entry.kind]) }, message, code, path),
  ];
  try {
    await steps.take(scheduled);
    await instance.caughtUp();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    if (entry.refused !== undefined) {
      if (code !== entry.refused)
        return problem(
          `expected to be refused with ${entry.refused}, but it was refused with ${code}: ${(error as Error).message}`,
          'refused',
        );
      const written = (await store.head()) - before;
      return written === 0n ? [] : problem(`was refused with ${code}, but ${written} events were recorded`, 'refused');
    }
    const written = {
      file: node.file,
      value: {},
      locate: (inside: readonly (string | number)[]) => node.locate([...path, entry.kind, ...inside]),
    };
    return documentProblems(error, written).map((one) => ({ ...one, message: `refused with ${code}: ${one.message}` }));
  }
  return entry.refused === undefined
    ? []
    : problem(`expected to be refused with ${entry.refused}, but it was accepted`, 'refused');
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof Refused) return error.code;
  return error instanceof Malformed ? 'MALFORMED' : undefined;
}

async function ask(
  instance: Instance,
  { entry, path, at }: Scheduled<ScenarioExpectation>,
  { node }: ScenarioInFile,
  zone: string,
): Promise<CheckedExpectation> {
  const history = instance.get(HISTORY);
  const { calendar } = history.company();
  const issued = await issuedStatement(instance, entry);
  const checked = check(entry, path, {
    history,
    calendar,
    zone,
    now: at,
    ...(issued && { issued }),
    ...(entry.kind === 'approved' && {
      approved: await instance.get(ApprovalCommands).approved(entry.body.participant, entry.body.period),
    }),
  });
  return {
    ...checked,
    file: node.file,
    line: node.locate([...path, entry.kind]).line,
    failures: checked.failures.map((failure) => ({ ...failure, line: node.locate(failure.path).line })),
  };
}

/** The issued statement of a participant, which is not computed again. */
async function issuedStatement(instance: Instance, entry: ScenarioExpectation): Promise<Statement | undefined> {
  if (entry.kind !== 'statement' || entry.body.asOf !== undefined || entry.body.effective !== undefined)
    return undefined;
  const { participant, period } = entry.body;
  return instance
    .get(StatementQueries)
    .document(instance.scope, participant, period)
    .catch((error: unknown) => {
      if (error instanceof OutOfScope) return undefined;
      throw error;
    });
}

/** Facts of one instant may change places between closes, imports and expectations, which stay where they are. */
function movable(history: ScenarioInFile['document']['history']): { block: number; record: string }[] {
  let block = 0;
  let instant = '';
  return history.map((entry, index) => {
    const stays = entry.is === 'expectation' || entry.kind === 'close' || entry.kind === 'import';
    if (stays || entry.at !== instant) block += 1;
    instant = stays ? '' : entry.at;
    return { block, record: stays ? `entry ${index}` : recordOf(entry) };
  });
}
