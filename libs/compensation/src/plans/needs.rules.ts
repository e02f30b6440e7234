import type { CompanyDocument, PlanDocument } from '@attain/contracts';

/** What a plan needs of a company, so that it can be checked and computed there. */
export interface PlanNeeds {
  readonly measures: readonly string[];
  readonly fields: readonly string[];
  readonly tables: readonly string[];
  /** Exports beside that of the deals. */
  readonly records: readonly ('splits' | 'invoices' | 'payments')[];
}
interface SamplePerson {
  readonly id: string;
  readonly role: string;
  readonly manager: string;
}

/** The measures, fields and tables that the components of a plan name, and those which these measures name in turn. */
export function needsOf(
  { components }: Pick<PlanDocument, 'components'>,
  company: Pick<CompanyDocument, 'measures' | 'fields'>,
  tables: readonly string[],
): PlanNeeds {
  const texts = components.flatMap(({ name: _, ...component }) => textsIn(component));
  const all = Object.entries(company.measures ?? {});
  const measures = new Set<string>();
  for (let before = -1; before < measures.size;) {
    before = measures.size;
    for (const [name, measure] of all) {
      if (measures.has(name) || !texts.some((text) => names(text, name))) continue;
      measures.add(name);
      texts.push(...textsIn(measure));
    }
  }
  const of = all.filter(([name]) => measures.has(name)).map(([, measure]) => measure.of);
  const needs = {
    splits: components.some(({ credit }) => credit?.includes('overlay')),
    invoices: of.includes('invoices'),
    payments: of.includes('payments') || components.some(({ release }) => textsIn(release).includes('payment')),
  };
  return {
    measures: all.map(([name]) => name).filter((name) => measures.has(name)),
    fields: Object.keys(company.fields ?? {}).filter((field) => texts.some((text) => names(text, field))),
    tables: tables.filter((table) => texts.some((text) => text.includes(`"${table}"`))),
    records: (['splits', 'invoices', 'payments'] as const).filter((kind) => needs[kind]),
  };
}

/** Of some sample people those whom the plan pays, with the people whose deals it pays for, and everybody's managers. */
export function peopleFor<Person extends SamplePerson>(
  { assignedTo, components }: Pick<PlanDocument, 'assignedTo' | 'components'>,
  people: readonly Person[],
): Person[] {
  const paid = people.filter(({ id, role }) => assignedTo.roles?.includes(role) || assignedTo.people?.includes(id));
  const chosen = new Set(paid.map(({ id }) => id));
  const credits = new Set(
    components.flatMap(({ credit = [] }) => credit.map((rule) => (typeof rule === 'string' ? rule : 'all'))),
  );
  for (const { id, role, manager } of people) {
    const sells = role === 'Account Executive';
    if (sells && (credits.has('overlay') || credits.has('all'))) chosen.add(id);
    if (sells && credits.has('reports') && chosen.has(manager)) chosen.add(id);
  }
  for (let before = -1; before < chosen.size;) {
    before = chosen.size;
    for (const { id, manager } of people) if (manager !== '' && chosen.has(id)) chosen.add(manager);
  }
  return people.filter(({ id }) => chosen.has(id));
}

function names(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w.])${word}(?!\\w)`).test(text);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
