import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';
import type { Environment } from '../language/index.js';
import type { Measure } from './measures.js';
import { type WindowFormula, windowFormulaOf } from './window-formulas.js';

/** A measure as a contest names it. */
export interface NamedMeasure {
  readonly name: string;
  readonly measure: Measure;
}
/** The prize of a place: a share of the pot, or an amount in minor units. */
export interface Prize {
  readonly share: Exact | null;
  readonly amount: Exact;
}

/** A contest for prizes by rank; without a rank, a pool that is divided. */
export interface Contest {
  readonly rank: (NamedMeasure & { readonly by: 'measure' | 'attainment' }) | null;
  /**
   * A share of the credits of the participants in the contest, or an amount in minor units; null if prizes are amounts.
   */
  readonly pot: { readonly share: Exact; readonly of: NamedMeasure } | { readonly amount: Exact } | null;
  /** By place. */
  readonly prizes: readonly Prize[];
  /**
   * The number of winners of a single prize: a number, or a share of the participants; null for as many as there are
   * prizes.
   */
  readonly winners: { readonly count: number } | { readonly share: Exact } | null;
  /** The participant's field whose value the competitors share; null for everybody whom the plan names. */
  readonly among: string | null;
  /** The measure by which a pool is divided; null for equal parts. */
  readonly divide: NamedMeasure | null;
  readonly requires: { readonly all: WindowFormula | null; readonly places: ReadonlyMap<number, WindowFormula> };
  readonly ties: 'share' | 'all';
  /** Whether the result is fixed at the close of its pay period, so that later facts do not change it. */
  readonly final: boolean;
  /** The text for people. */
  readonly text: string;
}
export type ContestDocument = NonNullable<PlanComponent['contest']>;

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** The place for its word or number; undefined for any other text. */
export function placeNamed(written: string): number | undefined {
  const word = ordinals.indexOf(written);
  if (word >= 0) return word + 1;
  return /^[1-9]\d{0,3}$/.test(written) ? Number(written) : undefined;
}

/** `5% of revenue`, with the name in quotation marks if it contains spaces; undefined for any other text. */
export function shareOf(written: string): { share: string; measure: string } | undefined {
  const [, share, quoted, bare] =
    /^(\d+(?:\.\d+)?%|\d+\/[1-9]\d*)\s+of\s+(?:"([^"]+)"|(\S+))$/.exec(written.trim()) ?? [];
  return share === undefined ? undefined : { share, measure: (quoted ?? bare)! };
}

/** A measure, or `attainment(measure)`. */
export function rankOf(written: string): { by: 'measure' | 'attainment'; measure: string } {
  const [, quoted, bare] = /^attainment\(\s*(?:"([^"]+)"|([^()\s]+))\s*\)$/.exec(written.trim()) ?? [];
  const attained = quoted ?? bare;
  return attained === undefined
    ? { by: 'measure', measure: unquoted(written) }
    : { by: 'attainment', measure: attained };
}

/** `my.team`: the field of the participant. */
export function fieldAmong(written: string): string | undefined {
  return /^my\.(\w+)$/.exec(written.trim())?.[1];
}

export function unquoted(written: string): string {
  return /^"([^"]+)"$/.exec(written.trim())?.[1] ?? written.trim();
}

/** A compiled contest; throws an Error if the check of plans refuses it. `currency`: of pot and prizes. */
export function contestOf(
  { contest }: PlanComponent,
  measureOf: (name: string) => Measure,
  environment: Environment,
  currency: string,
): Contest | null {
  if (contest === undefined) return null;
  const named = (name: string): NamedMeasure => ({ name, measure: measureOf(name) });
  const { rank, pot, prizes, winners, prize, among, divide, requires, ties = 'share', final } = contest;
  const minor = minorFactor(currency);
  const potShare = pot === undefined ? undefined : shareOf(pot);
  const ranked = rank === undefined ? null : rankOf(rank);
  const conditions = typeof requires === 'object' ? Object.entries(requires) : [];
  const prizeOf = (written: string): Prize => {
    const value = Exact.parse(written);
    return /[%/]/.test(written) ? { share: value, amount: Exact.zero } : { share: null, amount: value.times(minor) };
  };
  return {
    rank: ranked === null ? null : { ...named(ranked.measure), by: ranked.by },
    pot:
      pot === undefined
        ? null
        : potShare === undefined
          ? { amount: Exact.parse(pot).times(minor) }
          : { share: Exact.parse(potShare.share), of: named(potShare.measure) },
    prizes: prizes?.map(prizeOf) ?? (prize === undefined ? [] : [prizeOf(prize)]),
    winners:
      winners === undefined
        ? null
        : /[%/]/.test(winners)
          ? { share: Exact.parse(winners) }
          : { count: Number(winners) },
    among: among === undefined ? null : (fieldAmong(among) ?? null),
    divide: divide === undefined || divide === 'equally' ? null : named(unquoted(divide)),
    requires: {
      all: typeof requires === 'string' ? windowFormulaOf(requires, environment) : null,
      places: new Map(
        conditions.map(([place, condition]) => [placeNamed(place)!, windowFormulaOf(condition, environment)]),
      ),
    },
    ties,
    final: final === 'yes',
    text: textOf(contest),
  };
}

/** The measures that a contest counts, without repetition. */
export function measuresOfContest({ rank, pot, divide }: Contest): readonly NamedMeasure[] {
  const counted = [rank, pot !== null && 'of' in pot ? pot.of : null, divide].filter((one) => one !== null);
  return counted.filter(({ name }, index) => counted.findIndex((one) => one.name === name) === index);
}

function textOf({
  rank,
  pot,
  prizes,
  winners,
  prize,
  among,
  divide = 'equally',
  requires,
  ties = 'share',
}: ContestDocument): string {
  const of = pot === undefined ? '' : ` of a pot of ${pot}`;
  const conditions =
    requires === undefined
      ? ''
      : `, which requires ${
          typeof requires === 'string'
            ? requires
            : Object.entries(requires)
                .map(([place, condition]) => `${place}: ${condition}`)
                .join('; ')
        }`;
  const who = among === undefined ? '' : ` among ${among}`;
  if (rank === undefined)
    return `pool${of}${who}, divided ${divide === 'equally' ? divide : `by ${divide}`}${conditions}`;
  const won = winners === undefined ? `prizes ${(prizes ?? []).join(', ')}` : `${prize} for ${winners} winners`;
  return `contest by ${rank}${who}: ${won}${of}, ${ties === 'share' ? 'tied places share theirs' : 'everybody tied wins the place'}${conditions}`;
}
