import { FiscalCalendar, instant, startOfDay } from '@attain/values';
import { suggestion } from './nearest.js';
import type { PathProblem } from './problems.js';
import type { InlineCompany, ScenarioDocument, ScenarioExpectation, ScenarioStep } from './scenario.js';
import { dealFieldShape } from './history.js';
import { fieldForm } from './company.js';

const ofPayCycle = (what: string) => `${what} of the pay cycle, which this version does not have: leave it out`;
/** Steps of the pay cycle, which the format names without defining their contents; each with its problem. */
export const unsupportedSteps: Readonly<Record<string, string>> = {
  dispute: ofPayCycle('a dispute is a step'),
};
const unsupported: Readonly<Record<string, string>> = {
  ...unsupportedSteps,
  ledger: ofPayCycle('the ledger is an expectation'),
};

type Report = (path: (string | number)[], message: string, code?: string) => void;

/** Checks that the schema of a scenario lacks: its names, its periods, its order, and entries of the pay cycle. */
export function checkScenario({ company, history, expect }: ScenarioDocument): PathProblem[] {
  const problems: PathProblem[] = [];
  const report: Report = (path, message, code = 'value') => problems.push({ path, code, message });
  const entries = [
    ...history.map((entry, index) => ({ entry, path: ['history', index] })),
    ...expect.map((entry, index) => ({ entry, path: ['expect', index] })),
  ];
  for (const { entry, path } of entries) {
    const what = unsupported[entry.kind];
    if (what !== undefined) report([...path, entry.kind], what, 'not-supported');
  }
  if (typeof company !== 'string') {
    const check = new InlineCheck(company, history, report);
    for (const { entry, path } of entries) check.entry(entry, path);
    company.quotas?.forEach((quota, index) => check.quota(quota, ['company', 'quotas', index]));
  }
  return problems;
}

/** Checks the entries of a scenario against its inline company. */
class InlineCheck {
  private readonly calendar: FiscalCalendar;
  private readonly zone: string;
  private readonly measures: ReadonlySet<string>;
  private readonly people: ReadonlySet<string>;
  private readonly fields: ReadonlyMap<string, string>;
  private latest = '';

  constructor(
    company: InlineCompany,
    history: ScenarioDocument['history'],
    private readonly report: Report,
  ) {
    const { starts = '01-01', calendar = 'months', week } = company.fiscalYear ?? {};
    this.calendar = new FiscalCalendar({ starts, calendar, week });
    this.zone = company.timeZone ?? 'UTC';
    this.measures = new Set(Object.keys(company.measures ?? {}));
    const joining = history.flatMap((entry) => (entry.kind === 'person' ? [entry.body.id] : []));
    this.people = new Set([...(company.people ?? []).map(({ id }) => id), ...joining]);
    this.fields = new Map(Object.entries(company.fields ?? {}));
  }

  entry(entry: ScenarioStep | ScenarioExpectation, path: (string | number)[]): void {
    const body = typeof entry.body === 'object' ? (entry.body as Record<string, unknown>) : {};
    const inside = [...path, entry.kind];
    if (entry.is === 'step') this.order(entry, path);
    switch (entry.kind) {
      case 'close':
        return this.period(entry.body, inside);
      case 'deal':
      case 'won':
      case 'lost':
      case 'reopened':
      case 'changed':
        return this.deal(entry.body, inside);
      case 'quota':
        if (entry.is === 'step') return this.quota(entry.body, inside);
    }
    if (entry.is === 'step') return;
    if (typeof body.period === 'string') this.period(body.period, [...inside, 'period']);
    if (typeof body.measure === 'string') this.measure(body.measure, [...inside, 'measure']);
    if (typeof body.participant === 'string') this.participant(body.participant, [...inside, 'participant']);
  }

  quota(quota: { measure: string; period: string }, path: (string | number)[]): void {
    this.measure(quota.measure, [...path, 'measure']);
    this.period(quota.period, [...path, 'period']);
  }

  private deal(fields: Record<string, string | undefined>, path: (string | number)[]): void {
    for (const [name, text] of Object.entries(fields)) {
      if (name === 'id' || name in dealFieldShape || text === undefined) continue;
      const type = this.fields.get(name);
      if (type === undefined) {
        const near = suggestion(name, [...this.fields.keys(), ...Object.keys(dealFieldShape)]);
        this.report(
          [...path, name],
          `unknown field ${JSON.stringify(name)} of a deal${near.startsWith(' (did') ? near : ': a company lists its own under `fields`'}`,
          'unknown-key',
        );
      } else {
        const form = fieldForm(type);
        if (text !== '' && !form.holds(text))
          this.report([...path, name], `the field ${name} is ${type}: expected ${form.what}, found \`${text}\``);
      }
    }
  }

  private period(name: string, path: (string | number)[]): void {
    try {
      this.calendar.period(name);
    } catch (error) {
      this.report(path, (error as Error).message);
    }
  }

  private measure(name: string, path: (string | number)[]): void {
    if (!this.measures.has(name))
      this.report(path, `unknown measure ${JSON.stringify(name)}${suggestion(name, this.measures)}`, 'unknown-name');
  }

  private participant(id: string, path: (string | number)[]): void {
    if (!this.people.has(id))
      this.report(path, `there is no person ${JSON.stringify(id)}${suggestion(id, this.people)}`, 'unknown-name');
  }

  /** Steps are in the order in which they become known; a close without `at` becomes known at its place. */
  private order(step: ScenarioStep, path: (string | number)[]): void {
    if (step.at === undefined) return;
    const at = step.at.includes('T') ? instant(step.at) : startOfDay(step.at, this.zone);
    if (at < this.latest)
      this.report(
        [...path, 'at'],
        `becomes known before the step above it (${step.at}): write the steps in the order in which they become known`,
        'order',
      );
    else this.latest = at;
  }
}
