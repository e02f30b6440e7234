import { Exact, type LocalDate, type Period } from '@attain/values';
import { creditsOf, firstAfter, firstFrom } from '../credits/credits.js';
import { ratioBetween, sumBetween } from '../credits/ratios.js';
import { type Standing, standingOf } from '../credits/standings.js';
import { participant as subject, subjectOf } from '../credits/subjects.js';
import { minorFactor } from '../facts/money.rules.js';
import { scoreKey } from '../facts/objectives.rules.js';
import { partLeft } from '../facts/reversals.rules.js';
import { OPEN, reach, type View } from '../facts/view.js';
import { NOTHING_COUNTED, WON_DEALS } from '../plans/measures.js';
import { measureNamed } from '../plans/component.js';
import type { Window } from '../plans/quotas.rules.js';
import { attainedText, shareText } from '../plans/text.js';
import type { WindowScope } from '../plans/window-formulas.js';
import type { WindowSoFar } from '../plans/window-so-far.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import type { World } from '../plans/world.js';
import { creditMoney } from './earning.js';
import type { Terms } from './entitlements.js';
import type { Answer, Asked, Exceptional } from './lines.js';

/**
 * The numbers of a participant in the window of a component at the end of a pay period, and which of them expressions
 * used.
 */
export class SoFar implements WindowSoFar, Asked {
  readonly currency: string;
  readonly answers: Answer[] = [];
  /** The attainments that were used. */
  readonly standings: { readonly measure: string; readonly name: string; readonly standing: Standing }[] = [];
  private readonly last: LocalDate;

  constructor(
    private readonly terms: Terms,
    private readonly window: Window,
    readonly date: LocalDate,
  ) {
    this.currency = terms.component.currency;
    this.last = date < window.to ? date : window.to;
  }

  get scope(): WindowScope {
    return { world: this.terms.world, me: this.terms.participant, date: this.date, soFar: this };
  }

  get inputs(): Asked['inputs'] {
    return this.standings.flatMap(({ measure, name, standing: { quota } }) =>
      quota.parts.map(({ quota: { event, period, amount } }) => ({
        event,
        what: `quota ${measure} of ${name} ${period}`,
        value: amount.toString(),
      })),
    );
  }

  attainment(measure: string, among: string | null): Exact | null {
    const { world, participant, version } = this.terms;
    const who = among === null ? subject(participant) : subjectOf(groupNamed(world, among, this.date), world);
    const standing = standingOf(world, who, measure, this.window, this.date, version);
    this.standings.push({ measure, name: who.name, standing });
    this.note(`attainment(${among === null ? measure : `${measure}, ${who.name}`})`, standing.attained, attainedText);
    return standing.attained;
  }

  /** By the credit of the component; unknown amounts count as 0. */
  sum(name: string): Exact | null {
    const { world, participant, version, component } = this.terms;
    const money = creditMoney(version, component);
    const measure = measureNamed(version, name);
    const who = subject(participant);
    const { from } = this.window;
    const sum =
      measure.ratio !== null
        ? ratioBetween(world, who, measure.ratio, component.credit, money, from, this.last)
        : sumBetween(creditsOf(world, who, measure, component.credit, money).list, from, this.last).over(
            measure.unit === 'money' ? minorFactor(money.currency) : Exact.one,
          );
    this.note(`sum(${name})`, sum);
    return sum;
  }

  /** The number of credited records that no reversal has taken as a whole, however the measure treats reversals. */
  deals(): Exact {
    const { world, participant, version, component } = this.terms;
    const measure = component.measure === NOTHING_COUNTED ? WON_DEALS : component.measure;
    const { list } = creditsOf(world, subject(participant), measure, component.credit, creditMoney(version, component));
    const view =
      measure.reversals === 'undone' || this.date >= this.window.to ? world.view : cutAt(world.view, this.date);
    const credited = list
      .slice(firstFrom(list, this.window.from), firstAfter(list, this.last))
      .filter(({ nth, blocked }) => nth === 0 && blocked === null);
    const records = new Set(credited.map(({ record }) => record));
    const count = [...records].filter((record) => {
      const state = world.record(record);
      return state !== undefined && !partLeft(state, view).isZero();
    }).length;
    this.note('deals', Exact.of(count));
    return Exact.of(count);
  }

  score(objective: string): Exact {
    const { world, participant } = this.terms;
    const score =
      world.scores(participant).get(scoreKey(this.window.period?.name ?? '', objective))?.score ?? Exact.zero;
    this.note(`score("${objective}")`, score, shareText);
    return score;
  }

  /** The reason that an expression is undefined. */
  lacking(text: string): { readonly code: 'NO_QUOTA' | 'UNDEFINED'; readonly detail: string } {
    const missing = this.standings.find(({ standing }) => standing.attained === null);
    if (missing === undefined) return { code: 'UNDEFINED', detail: `${text} is undefined` };
    return {
      code: 'NO_QUOTA',
      detail: `no quota for ${missing.measure} of ${missing.name} in ${this.window.period?.name ?? this.terms.version.plan}`,
    };
  }

  private note(text: string, value: Exact | null, written: (value: Exact) => string = String): void {
    if (this.answers.some((answer) => answer.text === text)) return;
    this.answers.push({ text, value: value === null ? 'undefined' : written(value) });
  }
}

function cutAt(view: View, date: LocalDate): View {
  return { ...view, before: view.before < date ? view.before : date, after: view.after < date ? view.after : date };
}

/** The team or region of that day that a field of the participant names. */
function groupNamed(world: World, name: string, date: LocalDate): { team: string } | { region: string } {
  for (const person of world.facts.people.keys()) if (world.row(person, date)?.team === name) return { team: name };
  return { region: name };
}

/**
 * The pay periods at whose ends a window is evaluated: from the period of its first line to the period of the last
 * change.
 */
export function payPeriodsOf(
  { world: { view, facts }, version, component }: Pick<Terms, 'world' | 'version' | 'component'>,
  window: Window,
  lines: readonly { readonly date: LocalDate }[],
): readonly Period[] {
  const { calendar } = version;
  // A tenure that is used on a day without a fact follows from the version, as a deal's dates follow from the deal.
  const reached = component.asksOwn
    ? reach(view, Number(facts.fact(version.event)?.position ?? 0))
    : view.before > view.after
      ? view.before
      : view.after;
  // If the cut is open, nothing changes after the last date of a fact.
  const seen = reached < OPEN ? reached : facts.days.lastIn(view);
  let [first, last] = [lines[0]!.date, window.to < seen ? window.to : seen];
  // The line of a window is at its end, even after the last fact.
  for (const { date } of lines) {
    if (date < first) first = date;
    if (date > last) last = date;
  }
  const periods: Period[] = [];
  for (let period = payPeriodOf({ version, component }, first); period.from <= last; period = calendar.next(period))
    periods.push(period);
  return periods;
}

/** An exception of a component's window on a day. */
export function exceptional(
  { participant, version, component }: Terms,
  { code, detail }: Pick<Exceptional['exception'], 'code' | 'detail'>,
  record: Exceptional['exception']['record'],
  date: LocalDate,
): Exceptional {
  return {
    exception: { code, plan: version.plan, component: component.name, participant, record, detail },
    version,
    component,
    date,
  };
}
