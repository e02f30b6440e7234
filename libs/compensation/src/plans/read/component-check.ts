import { payPeriods, type PlanComponent, type PlanTier, suggestion } from '@attain/contracts';
import { Exact } from '@attain/values';
import {
  cut,
  named,
  type NoWindow,
  readCondition,
  readExpression,
  type Report,
  windowless,
} from './expression.rules.js';
import { checkHurdles } from './hurdle-check.js';
import { roundingKeys } from '../component.js';
import { checkComponentStep } from './rounding-check.js';
import { checkClawback } from './clawback-check.js';
import { checkRelease } from './release-check.js';
import { checkCurve, kindOf } from './curve-check.js';
import { checkContest } from './contest-check.js';
import type { PlanContext } from './plan-context.js';
import { checkUnit } from './unit-check.js';
import { checkMultiplier } from './multiplier-check.js';
import { checkTarget } from './target-check.js';
import type { MeasureUnit } from './company-check.js';

type Path = (string | number)[];

/** The problems of a component; paths are those of the plan document, with the component at `path`. */
export function checkComponent(component: PlanComponent, path: Path, context: PlanContext, report: Report): void {
  new ComponentCheck(component, path, context, report).check();
}

class ComponentCheck {
  constructor(
    private readonly component: PlanComponent,
    private readonly path: Path,
    private readonly context: PlanContext,
    private readonly report: Report,
    private readonly noWindow: NoWindow = windowless(component),
  ) {}

  check(): void {
    const { component, context } = this;
    this.pays();
    const unit = this.measure(component.measure, 'measure');
    if (unit === 'ratio' && component.target === undefined)
      this.problem(
        ['measure'],
        'type',
        `\`${component.measure}\` is a ratio, which is an axis only: state \`by: ${component.measure}\` beside tiers, or a \`target\``,
      );
    if (component.where !== undefined)
      readCondition(component.where, [...this.path, 'where'], context.environment, this.report, this.noWindow);
    this.credit();
    this.pay(unit);
    this.tiers(unit);
    checkCurve(component, unit, (path, code, message) => this.problem(path, code, message));
    this.cap();
    checkClawback(component, context, (path, code, message) => this.problem(path, code, message));
    checkRelease(component, context, (path, code, message) => this.problem(path, code, message));
    checkContest(component, context, (path, code, message) => this.problem(path, code, message));
    checkTarget(component, context, (path, code, message) => this.problem(path, code, message));
    checkUnit(component, (path, code, message) => this.problem(path, code, message));
    checkHurdles(component, context, (path, code, message) => this.problem(path, code, message));
    checkMultiplier(component, context, (path, code, message) => this.problem(path, code, message));
    checkComponentStep(component, this.path, context.plan, context.currency, this.report);
  }

  /** A component pays as often as its plan, or less often. */
  private pays(): void {
    const {
      component: { pays },
      context: { plan },
    } = this;
    if (pays !== undefined && payPeriods.indexOf(pays) < payPeriods.indexOf(plan.pays))
      this.problem(
        ['pays'],
        'value',
        `the plan pays ${plan.pays}, and none of its components more often: found \`${pays}\``,
      );
  }

  /** The unit of a measure; null if it is unknown. */
  private measure(name: string | undefined, key: 'measure' | 'by'): MeasureUnit | null {
    const { component, context } = this;
    if (name === undefined) {
      if (key === 'measure' && component.objectives === undefined && component.contest === undefined) {
        this.problem([], 'missing', `the component \`${component.name}\` has no \`measure\`: what it pays for`);
      }
      return null;
    }
    const unit = context.measures.get(name);
    if (unit === undefined) {
      const none = context.measures.size === 0 ? ' (the company has no measures)' : '';
      this.problem(
        [key],
        'unknown-name',
        `unknown measure \`${name}\`${suggestion(name, context.measures.keys()) || none}`,
      );
    } else if (unit === null) {
      const { code, message } = context.refused.get(name) ?? {
        code: 'value',
        message: 'it is made of a measure that cannot be used',
      };
      this.problem([key], code, `the measure \`${name}\` cannot be used: ${message}`);
    }
    return unit ?? null;
  }

  private credit(): void {
    const rules = this.component.credit ?? [];
    const seen = new Set<string>();
    for (const [index, rule] of rules.entries()) {
      const key = JSON.stringify(rule);
      if (seen.has(key))
        this.problem(['credit', index], 'value', `\`${typeof rule === 'string' ? rule : 'all'}\` appears twice`);
      seen.add(key);
      if (typeof rule === 'object')
        readCondition(
          rule.all,
          [...this.path, 'credit', ...(rules.length > 1 ? [index] : []), 'all'],
          this.context.environment,
          this.report,
          'and `credit` decides about each record by itself',
        );
    }
  }

  /**
   * Checks that there is exactly one way to pay: a rate or an amount for each; tiers of one of them; or tiers that
   * multiply the one beside them.
   */
  private pay(unit: MeasureUnit | null): void {
    const { rate, each, tiers, target, objectives, contest, curve } = this.component;
    if (rate !== undefined) this.rate(rate, ['rate'], unit);
    if (rate !== undefined && each !== undefined)
      this.problem(['each'], 'value', 'a component has one way to pay: either `rate` or `each`');
    else if (each !== undefined) this.each(each, ['each'], unit);
    if (rate !== undefined || each !== undefined || tiers !== undefined) return;
    if (target ?? objectives ?? contest ?? curve) return;
    this.problem(
      [],
      'missing',
      `the component \`${this.component.name}\` does not state how it pays: by \`rate\`, \`each\`, \`tiers\` or a \`curve\``,
    );
  }

  private rate(text: string, path: Path, unit: MeasureUnit | null): void {
    const read = readExpression(text, [...this.path, ...path], this.context.environment, this.report, this.noWindow);
    if (read === undefined) return;
    const { ast, type, plain } = read;
    if (type !== 'rate' && type !== 'number')
      this.problem(path, 'type', `expected a rate such as 10%, but \`${cut(text)}\` is ${named(type)}`);
    else if (plain && ast.kind === 'number' && ast.value.compare(Exact.one) > 0) {
      this.problem(
        path,
        'type',
        `expected a rate such as 10%, found \`${text}\`, which would pay ${ast.value.times(Exact.of(100)).toString()}% (write ${text}%)`,
      );
    } else if (unit === 'number') {
      this.problem(
        path,
        'type',
        `\`${this.component.measure}\` counts a number and not money: pay an amount for each by \`each\`, not a \`rate\``,
      );
    }
  }

  private each(text: string, path: Path, unit: MeasureUnit | null): void {
    const read = readExpression(text, [...this.path, ...path], this.context.environment, this.report, this.noWindow);
    if (read === undefined) return;
    if (read.type === 'money' && this.component.unit !== undefined)
      this.problem(
        path,
        'type',
        `the component pays in \`${this.component.unit}\`, but \`${cut(text)}\` is money: expected a number such as 2`,
      );
    else if (read.type !== 'money' && read.type !== 'number')
      this.problem(path, 'type', `expected an amount such as 200, but \`${cut(text)}\` is ${named(read.type)}`);
    else if (unit === 'money')
      this.problem(
        path,
        'type',
        `\`${this.component.measure}\` counts money: pay a share of it by \`rate\`, not an amount for \`each\``,
      );
  }

  private times(text: string, path: Path): void {
    const read = readExpression(text, [...this.path, ...path], this.context.environment, this.report, this.noWindow);
    if (read !== undefined && read.type !== 'number' && read.type !== 'rate')
      this.problem(path, 'type', `expected a multiple such as 1.5, but \`${cut(text)}\` is ${named(read.type)}`);
  }

  private tiers(unit: MeasureUnit | null): void {
    const { component } = this;
    const { tiers, per, by, crossing, rounding } = component;
    if (tiers === undefined) {
      if (by !== undefined) {
        this.measure(by, 'by');
        this.problem(['by'], 'value', '`by` names the measure that `tiers` count, and there are no `tiers`');
      }
      if (crossing !== undefined)
        this.problem(['crossing'], 'value', '`crossing` is for deals that cross a tier, and there are no `tiers`');
      if (per === undefined && (component.curve ?? component.objectives) !== undefined)
        this.problem([], 'missing', 'missing: `per`, the window of the curve or the objectives');
      return;
    }
    if (by !== undefined) this.measure(by, 'by');
    if (per === undefined)
      this.problem(
        [],
        'missing',
        'missing: `per`, the window that the tiers fill (deal | month | quarter | half | year | plan)',
      );
    this.ways(tiers, unit);
    this.bounds(tiers);
    const retroactive = tiers.findIndex((tier) => (tier.retroactive ?? 'no') !== 'no');
    if (retroactive < 0) return;
    if (crossing === 'higher' || crossing === 'lower')
      this.problem(
        ['crossing'],
        'value',
        `\`crossing: ${crossing}\` and retroactive tiers (tier ${retroactive + 1}) exclude each other`,
      );
    if (roundingKeys(this.context.plan.rounding, rounding).per === 'total') {
      const place =
        typeof rounding !== 'object' || rounding.per === undefined
          ? ['tiers', retroactive, 'retroactive']
          : ['rounding', 'per'];
      this.problem(place, 'value', 'rounding `{ per: total }` and retroactive tiers exclude each other');
    }
  }

  private ways(tiers: readonly PlanTier[], unit: MeasureUnit | null): void {
    const { rate, each, target } = this.component;
    const kinds = ['rate', 'each', 'times', 'pays'] as const;
    let first: (typeof kinds)[number] | undefined;
    for (const [index, tier] of tiers.entries()) {
      const path = ['tiers', index];
      if (tier.pays !== undefined && target === undefined)
        this.problem([...path, 'pays'], 'value', '`pays` is a share of a `target`, and there is none');
      const ways = kinds.filter((kind) => tier[kind] !== undefined);
      const [way] = ways;
      if (way === undefined) {
        this.problem(path, 'missing', 'a tier needs a `rate`, `each`, `times` or, with a target, `pays`');
        continue;
      }
      if (ways.length > 1)
        this.problem([...path, ways[1]!], 'value', `a tier has one way to pay: either \`${way}\` or \`${ways[1]}\``);
      else if (first !== undefined && way !== first)
        this.problem(
          [...path, way],
          'value',
          `the tiers of a component pay in one way: the first by \`${first}\`, this one by \`${way}\``,
        );
      first ??= way;
      if (tier.rate !== undefined) this.rate(tier.rate, [...path, 'rate'], unit);
      if (tier.each !== undefined) this.each(tier.each, [...path, 'each'], unit);
      if (tier.times !== undefined) this.times(tier.times, [...path, 'times']);
    }
    const base = rate !== undefined ? 'rate' : each !== undefined ? 'each' : undefined;
    if (first === 'times' && base === undefined)
      this.problem(
        ['tiers', 0, 'times'],
        'missing',
        '`times` multiplies a base: the component needs a `rate` or an `each`',
      );
    if ((first === 'rate' || first === 'each') && base !== undefined)
      this.problem(
        [base],
        'value',
        `the tiers have their own \`${first}\`: a \`${base}\` beside them has no meaning (with \`times\` it is the base)`,
      );
  }

  /** Checks that bounds ascend, and that all or none are in %; 0 and 0% are the same. */
  private bounds(tiers: readonly PlanTier[]): void {
    const last: { share: Exact | undefined; number: Exact | undefined } = { share: undefined, number: undefined };
    const isOfQuota = tiers.some(({ from }) => kindOf(from) === 'share');
    for (const [index, { from, retroactive }] of tiers.entries()) {
      const path = ['tiers', index];
      const bound = Exact.parse(from);
      const kind = isOfQuota && bound.isZero() ? 'share' : kindOf(from);
      const before = last[kind];
      if (isOfQuota && kind === 'number') this.withoutPercent(from, bound, path);
      if (bound.sign() < 0) this.problem([...path, 'from'], 'value', `a tier begins at 0 or above, not at ${from}`);
      if (before !== undefined && bound.compare(before) <= 0) {
        const same = bound.equals(before);
        this.problem(
          [...path, 'from'],
          'value',
          same ? `two tiers begin at ${from}` : `tiers must ascend, but ${from} comes after a higher one`,
        );
      }
      if (before === undefined || bound.compare(before) > 0) last[kind] = bound;
      if (retroactive === undefined || retroactive === 'yes' || retroactive === 'no') continue;
      if (kindOf(retroactive) !== kind)
        this.problem(
          [...path, 'retroactive'],
          'type',
          `the tier begins at ${from}, so that \`retroactive\` must be ${kind === 'share' ? 'a share' : 'a plain number'} too, not ${retroactive}`,
        );
      else if (Exact.parse(retroactive).compare(bound) >= 0)
        this.problem(
          [...path, 'retroactive'],
          'value',
          `\`retroactive: ${retroactive}\` must lie below the beginning of its tier, ${from}`,
        );
      else if (Exact.parse(retroactive).sign() < 0)
        this.problem([...path, 'retroactive'], 'value', `\`retroactive\` begins at 0 or above, not at ${retroactive}`);
    }
  }

  /** Checks that a share written as a decimal is at most three. */
  private withoutPercent(from: string, bound: Exact, path: Path): void {
    const meant = bound.compare(Exact.of(3)) <= 0 ? bound.times(Exact.of(100)) : bound;
    const advice =
      meant.compare(Exact.of(1000)) <= 0 ? `write ${meant}%` : 'the bounds of a component are all in %, or none is';
    const axis = this.component.by ?? this.component.measure;
    this.problem(
      [...path, 'from'],
      'type',
      `the tier begins at ${from} of \`${axis}\` itself, beside tiers that begin at % of the quota: ${advice}`,
    );
  }

  private cap(): void {
    const { cap } = this.component;
    if (cap === undefined) return;
    const limits = (['count', 'amount', 'share'] as const).filter((key) => cap[key] !== undefined);
    const [limit] = limits;
    if (limit === undefined) this.problem(['cap'], 'missing', 'a cap has a `count`, an `amount` or a `share`');
    else if (limits.length > 1)
      this.problem(['cap', limits[1]!], 'value', `a cap has one limit: either \`${limit}\` or \`${limits[1]}\``);
    const isLast = limit === 'count' || cap.per === 'deal' || (limit === 'share' && this.component.per === 'plan');
    if (cap.excess === 'carried' && isLast)
      this.problem(
        ['cap', 'excess'],
        'value',
        `the excess of a cap ${limit === 'count' ? 'by count' : cap.per === 'deal' ? 'by deal' : 'for the whole plan'} is forfeited: no later period has room for it`,
      );
    if ((limit === 'count' || limit === 'amount') && cap.per === undefined)
      this.problem(['cap'], 'missing', 'missing: `per`, the window of the cap (deal | month | quarter | half | year)');
    if (limit === 'count' && cap.per === 'deal')
      this.problem(['cap', 'per'], 'value', 'a count of deals per deal limits nothing');
  }

  private problem(path: Path, code: string, message: string): void {
    this.report([...this.path, ...path], code, message);
  }
}
