import { checkTable } from '@attain/compensation';
import { creditRules, type DocumentProblem, suggestion } from '@attain/contracts';
import { FiscalCalendar } from '@attain/values';
import { type CompanyContents, type Place, problemAt, type Written, type WrittenDocument } from './company-contents.js';

/**
 * Problems between the files of a company: unknown names, ambiguous names, duplicate rows.
 * If rows of people could not be read, names are not compared with people.
 */
export function checkContents(contents: CompanyContents, { peopleRead = true } = {}): DocumentProblem[] {
  const ids = peopleRead ? idsOf(contents) : undefined;
  return [
    ...tables(contents),
    ...people(contents, ids),
    ...quotas(contents, ids),
    ...objectives(contents, ids),
    ...relations(contents, ids),
    ...rates(contents),
    ...plans(contents, ids),
    ...sources(contents),
  ];
}

type Ids = ReadonlySet<string> | undefined;

function tables({ tables }: CompanyContents): DocumentProblem[] {
  return tables.flatMap(({ value, at, rows }) =>
    checkTable(value).map(({ path, code, message }) =>
      problemAt((path[0] === 'rows' ? rows[Number(path[1])] : undefined) ?? at, message, code),
    ),
  );
}

/** Undefined if a source brings people in, because only the import reads them. */
function idsOf({ people, sources }: CompanyContents): Set<string> | undefined {
  return sources.some(({ as }) => as === 'people') ? undefined : new Set(people.map(({ value }) => value.id));
}

function people(contents: CompanyContents, ids: Ids): DocumentProblem[] {
  if (!ids) return [];
  return contents.people.flatMap(({ value: { manager }, at }) =>
    manager === undefined || ids.has(manager) ? [] : [unknown(at, ['manager'], 'person', manager, ids)],
  );
}

function quotas(contents: CompanyContents, ids: Ids): DocumentProblem[] {
  const { quotas, company, relations } = contents;
  const problems = holders(contents, ids, quotas, 'a quota');
  const measures = namesIn(company, 'measures');
  const calendar = calendarOf(company);
  const known = new Set(relations.map(({ value }) => value.relation));
  for (const { value: quota, at } of quotas) {
    if (!measures.has(quota.measure)) problems.push(unknown(at, ['measure'], 'measure', quota.measure, measures));
    problems.push(...periodProblem(calendar, quota.period, at));
    for (const rule of creditRules(quota.credit ?? '')) {
      const relation = /^through (.*)$/.exec(rule)?.[1];
      if (relation !== undefined && !known.has(relation))
        problems.push(unknown(at, ['credit'], 'relation', relation, known));
    }
  }
  return [
    ...problems,
    ...twice(quotas, ({ for: who, measure, period }) => `a quota of ${measure} for ${who} in ${period}`),
  ];
}

function objectives(contents: CompanyContents, ids: Ids): DocumentProblem[] {
  const { objectives, company } = contents;
  const calendar = calendarOf(company);
  return [
    ...holders(contents, ids, objectives, 'an objective'),
    ...objectives.flatMap(({ value: { period }, at }) => periodProblem(calendar, period, at)),
    ...twice(
      objectives,
      ({ for: who, component, period, name }) => `the objective ${name} of ${component} for ${who} in ${period}`,
    ),
  ];
}

/** The holders of the rows: a person, a team, a region or the company, each name with one meaning. */
function holders(
  { people }: CompanyContents,
  ids: Ids,
  rows: readonly Written<{ for: string }>[],
  what: string,
): DocumentProblem[] {
  const named = new Map<string, Set<string>>();
  const name = (text: string | undefined, meaning: string) =>
    text !== undefined && named.set(text, (named.get(text) ?? new Set()).add(meaning));
  name('company', 'the company');
  for (const { value } of people) {
    name(value.id, 'a person');
    name(value.team, 'a team');
    name(value.region, 'a region');
  }
  return rows.flatMap(({ value: { for: whose }, at }) => {
    const meanings = [...(named.get(whose) ?? [])];
    if (meanings.length > 1)
      return [
        problemAt(at, `${whose} means ${meanings.join(' and ')}: ${what} is for one of them`, 'ambiguous-name', [
          'for',
        ]),
      ];
    return meanings.length === 0 && ids ? [unknown(at, ['for'], 'person, team or region', whose, named.keys())] : [];
  });
}

function periodProblem(calendar: FiscalCalendar | undefined, period: string, at: Place): DocumentProblem[] {
  try {
    calendar?.period(period);
    return [];
  } catch (error) {
    return [problemAt(at, (error as Error).message, 'value', ['period'])];
  }
}

function relations({ relations }: CompanyContents, ids: Ids): DocumentProblem[] {
  return [
    ...relations.flatMap(({ value, at }) =>
      (['person', 'other'] as const).flatMap((end) =>
        ids && !ids.has(value[end]) ? [unknown(at, [end], 'person', value[end], ids)] : [],
      ),
    ),
    ...twice(
      relations,
      ({ person, relation, other, from = '' }) =>
        `the ${relation} ${other} of ${person} from ${from || 'the beginning'}`,
    ),
  ];
}

function rates({ rates }: CompanyContents): DocumentProblem[] {
  return [
    ...rates.flatMap(({ value: { from, to }, at }) =>
      from === to ? [problemAt(at, `${from} to ${to} needs no rate`)] : [],
    ),
    ...twice(rates, ({ from, to, date }) => `a rate from ${from} to ${to} on ${date}`),
  ];
}

function plans(contents: CompanyContents, ids: Ids): DocumentProblem[] {
  const { plans } = contents;
  const problems: DocumentProblem[] = [];
  const seen = new Map<string, WrittenDocument>();
  for (const plan of plans) {
    const which = `version ${plan.value.version} of the plan ${plan.value.plan}`;
    const other = seen.get(which);
    if (other) problems.push(problemAt(placeIn(plan, ['version']), `${which} is also in ${other.file}`, 'duplicate'));
    seen.set(which, plan);
    const { people: assigned = [], except = [] } = plan.value.assignedTo as Record<
      'people' | 'except',
      string | string[] | undefined
    >;
    for (const [key, written] of [
      ['people', assigned],
      ['except', except],
    ] as const) {
      [written].flat().forEach((id, index) => {
        const path = ['assignedTo', key, ...(Array.isArray(written) ? [index] : [])];
        if (ids && !ids.has(id)) problems.push(unknown(placeIn(plan, path), path, 'person', id, ids));
      });
    }
  }
  return problems;
}

function sources({ sources, tables }: CompanyContents): DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const seen = new Map<string, string>();
  const named = new Set(tables.map(({ value }) => value.table));
  for (const { document, source, as } of sources) {
    const which = `${as} of the source ${source}`;
    const other = seen.get(which);
    if (other !== undefined)
      problems.push(problemAt(placeIn(document, ['source']), `${which} are read by ${other} too`, 'duplicate'));
    seen.set(which, document.file);
    for (const [column, how] of Object.entries(document.value.columns as Record<string, { replace?: unknown }>)) {
      if (typeof how.replace === 'string' && !named.has(how.replace)) {
        const path = ['columns', column, 'replace'];
        problems.push(unknown(placeIn(document, path), path, 'table', how.replace, named));
      }
    }
  }
  return problems;
}

function twice<T>(rows: readonly Written<T>[], what: (value: T) => string): DocumentProblem[] {
  const seen = new Map<string, number>();
  return rows.flatMap(({ value, at }) => {
    const name = what(value);
    const before = seen.get(name);
    if (before === undefined) seen.set(name, at.line);
    return before === undefined ? [] : [problemAt(at, `${name} is also in line ${before}`, 'duplicate')];
  });
}

function unknown(
  at: Place,
  path: (string | number)[],
  kind: string,
  name: string,
  known: Iterable<string>,
): DocumentProblem {
  return problemAt(at, `there is no ${kind} ${JSON.stringify(name)}${suggestion(name, known)}`, 'unknown-name', path);
}

function namesIn(document: WrittenDocument, key: string): Set<string> {
  return new Set(Object.keys((document.value[key] as object | undefined) ?? {}));
}

function calendarOf({ value }: WrittenDocument): FiscalCalendar | undefined {
  const {
    starts = '01-01',
    calendar = 'months',
    week,
  } = (value.fiscalYear ?? {}) as Partial<ConstructorParameters<typeof FiscalCalendar>[0]>;
  try {
    return new FiscalCalendar({ starts, calendar, week });
  } catch {
    return undefined; // The check of the company document reports this error.
  }
}

function placeIn(document: WrittenDocument, path: readonly (string | number)[]): Place {
  return { file: document.file, ...document.locate(path) };
}
