import { companySchema, type CompanyDocument, type MeasureDefinition, problemsOf, suggestion } from '@attain/contracts';
import type { Problem } from '../../language/problem.js';
import { named, readCondition, readExpression, type Report } from './expression.rules.js';
import { environmentOf, standardFields } from '../formulas.js';
import {
  type Ast,
  type Environment,
  isSyntaxProblem,
  parseExpression,
  type TableDefinition,
} from '../../language/index.js';

/** The unit in which a measure counts; a ratio divides the sums of two measures. */
export type MeasureUnit = 'money' | 'number' | 'ratio';

const reserved = new Set(['and', 'or', 'not', 'in', 'yes', 'no', 'deal', 'account', 'my', 'deals']);

/**
 * All problems of a company document; `not-supported` marks keys that are not supported yet. Empty if the document can
 * be configured.
 */
export function checkCompany(document: unknown, tables: Readonly<Record<string, TableDefinition>> = {}): Problem[] {
  const parsed = companySchema.safeParse(document);
  if (!parsed.success) return problemsOf(parsed.error.issues);
  const company = parsed.data;
  const problems: Problem[] = [];
  const report: Report = (path, code, message) => problems.push({ path, code, message });

  for (const [field, type] of Object.entries(company.fields ?? {})) {
    const standard = Object.hasOwn(standardFields, field) ? standardFields[field] : undefined;
    if (standard !== undefined && standard !== type)
      report(
        ['fields', field],
        'value',
        `\`${field}\` is a standard field of a deal and holds ${named(standard)}, not ${named(type)}`,
      );
    else if (reserved.has(field))
      report(['fields', field], 'value', `\`${field}\` is a word of the language and cannot name a field`);
  }

  const stages = (company.stages ?? []).map(({ name }) => name);
  for (const [index, stage] of stages.entries())
    if (stages.indexOf(stage) < index)
      report(['stages', index, 'name'], 'value', `the stage \`${stage}\` appears twice`);
  measureUnits(company, new Map(Object.entries(tables)), report);
  return problems;
}

/**
 * The unit of each measure, `null` for an invalid or unsupported one; reports the problems. Paths are those of the
 * company document.
 */
export function measureUnits(
  { measures = {}, fields }: Pick<CompanyDocument, 'measures' | 'fields'>,
  tables: ReadonlyMap<string, TableDefinition>,
  report: Report,
): ReadonlyMap<string, MeasureUnit | null> {
  const units = new Map<string, MeasureUnit | null>();
  for (const [name, definition] of Object.entries(measures)) {
    if (definition.is !== undefined) continue;
    const environment: Environment = {
      ...environmentOf(fields, tables, true, definition.of),
      my: new Map(),
      anyOwnField: false,
    };
    units.set(name, countedUnit(definition, ['measures', name], environment, report));
  }
  const sums = new Sums(measures, units, report);
  for (const name of Object.keys(measures)) sums.unit(name, []);
  return units;
}

const EACH_RECORD = 'and a measure counts each record by itself';

function countedUnit(
  definition: MeasureDefinition,
  path: (string | number)[],
  environment: Environment,
  report: Report,
): MeasureUnit | null {
  const { counts = '', where, date } = definition;
  if (where !== undefined) readCondition(where, [...path, 'where'], environment, report, EACH_RECORD);
  if (date !== undefined && environment.deal.get(date) !== 'date') {
    const dates = [...environment.deal].filter(([, type]) => type === 'date').map(([field]) => field);
    const type = environment.deal.get(date);
    report(
      [...path, 'date'],
      type === undefined ? 'unknown-name' : 'type',
      type === undefined
        ? `unknown field \`${date}\`${suggestion(date, dates)}`
        : `expected a date, but the field \`${date}\` is ${named(type)}${suggestion(date, dates)}`,
    );
  }
  const read = readExpression(counts, [...path, 'counts'], environment, report, EACH_RECORD);
  if (read === undefined) return null;
  if (read.type === 'money' || read.type === 'number') return read.type;
  report([...path, 'counts'], 'type', `a measure counts money or a number, but \`${counts}\` is ${named(read.type)}`);
  return null;
}

/** Measures that are sums of others. */
class Sums {
  constructor(
    private readonly measures: Readonly<Record<string, MeasureDefinition>>,
    private readonly units: Map<string, MeasureUnit | null>,
    private readonly report: Report,
  ) {}

  unit(name: string, through: readonly string[]): MeasureUnit | null {
    const known = this.units.get(name);
    if (known !== undefined) return known;
    const path = ['measures', name, 'is'];
    if (through.includes(name)) {
      this.report(
        path,
        'cycle',
        `\`${name}\` is made of itself: ${[...through.slice(through.indexOf(name)), name].join(' → ')}`,
      );
      this.units.set(name, null);
      return null;
    }
    const unit = this.sum(name, this.measures[name]!.is!, path, [...through, name]);
    this.units.set(name, unit);
    return unit;
  }

  private sum(name: string, text: string, path: string[], through: readonly string[]): MeasureUnit | null {
    const ast = parseExpression(text);
    if (isSyntaxProblem(ast)) {
      this.report(path, ast.code, `${ast.message}, in \`${text}\``);
      return null;
    }
    if (ast.kind === 'binary' && ast.operator === '/') {
      return this.ratio([ast.left, ast.right], path, through);
    }
    const parts = summands(ast);
    if (parts === undefined) {
      this.report(
        path,
        'value',
        `\`${name}\` is a sum of measures such as revenue + services, or one ratio such as retained / renewable, not \`${text}\``,
      );
      return null;
    }
    let first: { name: string; unit: MeasureUnit } | undefined;
    const reversals = new Map<string, string>();
    let isRight = true;
    for (const part of parts) {
      const measure = this.known(part, path);
      const unit = measure === undefined ? null : this.unit(measure, through);
      if (measure !== undefined) reversals.set(this.reversalsOf(measure), measure);
      if (measure === undefined || unit === null) isRight = false;
      else if (unit === 'ratio') {
        this.report(path, 'type', `\`${measure}\` is a ratio, and ratios have no sum`);
        isRight = false;
      } else if (first === undefined) first = { name: measure, unit };
      else if (unit !== first.unit) {
        this.report(
          path,
          'type',
          `a sum has one unit, but \`${first.name}\` counts ${counted(first.unit)} and \`${measure}\` ${counted(unit)}`,
        );
        isRight = false;
      }
    }
    const [[one, like] = [], [other, unlike] = []] = reversals;
    if (unlike !== undefined) {
      this.report(
        path,
        'value',
        `the measures of a sum treat reversals alike, but those of \`${like}\` are ${one} and those of \`${unlike}\` ${other}`,
      );
      return null;
    }
    return isRight ? (first?.unit ?? null) : null;
  }

  /** The reversals of a sum are those of its first measure. */
  private reversalsOf(name: string, depth = 0): string {
    const { is, reversals = 'undone' } = this.measures[name] ?? {};
    if (is === undefined) return reversals;
    const ast = parseExpression(is);
    const [first] = isSyntaxProblem(ast) ? [] : (summands(ast) ?? []);
    const part = first?.kind === 'text' ? first.value : first?.kind === 'field' ? first.name : undefined;
    return part === undefined || depth > Object.keys(this.measures).length
      ? reversals
      : this.reversalsOf(part, depth + 1);
  }

  private ratio(parts: readonly Ast[], path: string[], through: readonly string[]): MeasureUnit | null {
    const units = parts.map((part) => {
      const measure = this.known(part, path);
      const unit = measure === undefined ? null : this.unit(measure, through);
      if (unit === 'ratio')
        this.report(
          path,
          'type',
          `\`${measure}\` is a ratio itself: a ratio is of two measures that count money or a number`,
        );
      return unit === 'ratio' ? null : unit;
    });
    return units.includes(null) ? null : 'ratio';
  }

  /** The measure that a part names; reports a part that names none. */
  private known(ast: Ast, path: string[]): string | undefined {
    const name = ast.kind === 'text' ? ast.value : ast.kind === 'field' && ast.owner === null ? ast.name : undefined;
    if (name !== undefined && Object.hasOwn(this.measures, name)) return name;
    const what =
      name === undefined
        ? 'expected the name of a measure'
        : `unknown measure \`${name}\`${suggestion(name, Object.keys(this.measures))}`;
    this.report(path, 'unknown-name', `${what}, at character ${ast.from + 1}`);
    return undefined;
  }
}

function summands(ast: Ast): Ast[] | undefined {
  if (ast.kind === 'text' || ast.kind === 'field') return [ast];
  if (ast.kind !== 'binary' || ast.operator !== '+') return undefined;
  const [left, right] = [summands(ast.left), summands(ast.right)];
  return left && right && [...left, ...right];
}

function counted(unit: MeasureUnit): string {
  return unit === 'money' ? 'money' : 'a number';
}
