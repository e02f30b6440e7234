import type { PlanComponent, PlanDocument, PlanPoint, PlanTier } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type Change, changesBetween } from './plan-diff.rules.js';
import { inWords, joined, movement, spaced } from './plan-values.rules.js';

/** Names of keys in sentences; other keys keep their own names. */
const labels: Readonly<Record<string, string>> = {
  rate: 'the rate',
  each: 'the amount for each unit',
  measure: 'the measure that is paid',
  where: 'the condition on the records that are paid',
  per: 'the window',
  by: 'the measure that decides the tier',
  crossing: 'the rule for a deal that crosses a tier',
  beyond: 'the rule beyond the last point of the curve',
  pays: 'the pay period',
  credit: 'the credit',
  negative: 'the rule for pay below 0',
  'cap.amount': 'the cap',
  'cap.count': 'the number of records that are paid',
  'cap.share': 'the cap as a share of the target',
  'cap.per': 'the window of the cap',
  'cap.excess': 'the rule for what is above the cap',
  'clawback.take': 'what a clawback takes',
  'clawback.within': 'the time in which a reversal takes pay back',
  'clawback.instalments': 'the number of instalments of a clawback',
  'clawback.over': 'the term of a clawback',
  'draw.amount': 'the draw',
  'draw.periods': 'the range of pay periods of the draw',
  'draw.recovers.from': 'the pay period in which recovery begins',
  'draw.recovers.share': 'the share that pays the draw back',
  'convert.credits': 'the conversion of credits',
  'convert.pay': 'the conversion of pay',
  'contest.prizes': 'the list of prizes',
  'contest.pot': 'the pot',
  'contest.prize': 'the prize',
  'contest.winners': 'the number of winners',
  'contest.rank': 'what the contest ranks by',
  'contest.requires': 'the condition of the contest',
  'eligible.on': 'the day of eligibility',
  'corrections.within': 'the time in which a late change needs no review',
  'corrections.later': 'the rule for a late change',
};

/** Two versions of a plan compared, each change a sentence that begins with the day from which it holds. */
export function planSentences(
  before: PlanDocument,
  after: PlanDocument,
  uses: { before?: unknown; after?: unknown } = {},
): string[] {
  const from = `From ${after.effective.from} `;
  const [own, others] = [settings(before), settings(after)];
  const [ended, end] = [before.effective.to, after.effective.to];
  const ends =
    end === ended
      ? []
      : [end === undefined ? `The plan no longer ends after ${ended}.` : `After ${end} the plan ends.`];
  return [
    ...assignments(before, after).map((clause) => `${from}${clause}.`),
    ...ends,
    ...changesBetween(own, others).map((change) => `${from}${clauseOf(change)}.`),
    ...components(before, after, from),
    ...usesSentences(uses.before, uses.after, from),
    ...examples(before, after),
  ];
}

/** The keys beside `components`, which are compared one by one. */
function settings({
  attain: _,
  plan: __,
  version: ___,
  effective: ____,
  assignedTo: _____,
  components: ______,
  examples: _______,
  ...others
}: PlanDocument): object {
  return others;
}

function assignments({ assignedTo: before }: PlanDocument, { assignedTo: after }: PlanDocument): string[] {
  return (['roles', 'teams', 'people', 'except'] as const).flatMap((key) => {
    const [was, is] = [before[key] ?? [], after[key] ?? []];
    const [added, gone] = [is.filter((name) => !was.includes(name)), was.filter((name) => !is.includes(name))];
    const one = key === 'people' || key === 'except' ? '' : `the ${key.slice(0, -1)} `;
    const [pays, stops] = key === 'except' ? [gone, added] : [added, gone];
    return [
      ...pays.map((name) => `the plan also pays ${one}${name}`),
      ...stops.map((name) => `the plan no longer pays ${one}${name}`),
    ];
  });
}

function components({ components: before }: PlanDocument, { components: after }: PlanDocument, from: string): string[] {
  const several = new Set([...before, ...after].map(({ name }) => name)).size > 1;
  const sentences: string[] = [];
  for (const component of before) {
    const next = after.find(({ name }) => name === component.name);
    if (!next) sentences.push(`${from}the component ${component.name} ends.`);
    else
      sentences.push(
        ...changed(component, next).map((clause) => `${from}${clause}${several ? `, in ${component.name}` : ''}.`),
      );
  }
  for (const component of after) {
    if (before.some(({ name }) => name === component.name)) continue;
    sentences.push(`${from}the component ${component.name} is new: ${summary(component)}.`);
  }
  return sentences;
}

function changed(
  { tiers: before, curve: points, ...component }: PlanComponent,
  { tiers: after, curve: newPoints, ...next }: PlanComponent,
): string[] {
  return [
    ...tierClauses(before ?? [], after ?? []),
    ...pointClauses(points ?? [], newPoints ?? []),
    ...changesBetween(plain(component), plain(next)).map(clauseOf),
  ];
}

/** A list of one is written without brackets. */
function plain(component: object): object {
  return Object.fromEntries(
    Object.entries(component).map(([key, value]) => [
      key,
      key === 'credit' && Array.isArray(value) && value.length === 1 ? value[0] : value,
    ]),
  );
}

function clauseOf({ path, from, to }: Change): string {
  const label =
    labels[path.join('.')] ??
    [...path]
      .reverse()
      .map((key) => (typeof key === 'number' ? `part ${key + 1}` : spaced(key)))
      .reduce((inner, outer) => `${inner} of the ${outer}`, '')
      .replace(/^ of /, '');
  return movedClause(label, from, to);
}

function movedClause(label: string, from: unknown, to: unknown): string {
  if (from === undefined) return `${label} is new: ${inWords(to)}`;
  if (to === undefined) return `${label} ends; it was ${inWords(from)}`;
  return `${label} ${movement(from, to) ?? 'changes'} from ${inWords(from)} to ${inWords(to)}`;
}

const ways = {
  rate: 'the rate',
  each: 'the amount for each unit',
  times: 'the multiple of the base rate',
  pays: 'the share of the target that is paid',
} as const;

function tierClauses(before: readonly PlanTier[], after: readonly PlanTier[]): string[] {
  const clauses: string[] = [];
  const at = (tiers: readonly PlanTier[], from: string) => tiers.find((tier) => sameBound(tier.from, from));
  const gone = before.filter(({ from }) => !at(after, from));
  const added = after.filter(({ from }) => !at(before, from));
  for (const tier of before) {
    const next = at(after, tier.from);
    if (next) clauses.push(...tierChanges(tier, next, after));
  }
  const moved = new Map(gone.map((tier) => [tier, added.find((other) => wayOf(other) === wayOf(tier))]));
  for (const [tier, to] of moved) {
    clauses.push(
      to === undefined
        ? `the tier from ${bound(tier.from)} ends; ${wayOf(tier)}`
        : `the tier that begins at ${bound(tier.from)} begins at ${bound(to.from)} instead; ${wayOf(tier)}`,
    );
    if (to !== undefined) clauses.push(...tierChanges({ ...tier, from: to.from }, to, after));
  }
  const arrived = new Set(moved.values());
  return [
    ...clauses,
    ...added.filter((tier) => !arrived.has(tier)).map((tier) => `a tier begins at ${bound(tier.from)}; ${wayOf(tier)}`),
  ];
}

function tierChanges(tier: PlanTier, next: PlanTier, all: readonly PlanTier[]): string[] {
  const where = range(next, all);
  const clauses = (['rate', 'each', 'times', 'pays'] as const).flatMap((way) =>
    tier[way] === next[way] ? [] : [movedClause(`${ways[way]}${where}`, tier[way], next[way])],
  );
  if (tier.when !== next.when)
    clauses.push(movedClause(`the hurdle of the tier from ${bound(next.from)}`, tier.when, next.when));
  const [was, is] = [tier.retroactive ?? 'no', next.retroactive ?? 'no'];
  if (was !== is) {
    clauses.push(
      is === 'no'
        ? `reaching ${bound(next.from)} no longer raises what lies below it`
        : `reaching ${bound(next.from)} also pays its rate for what lies below it${is === 'yes' ? '' : `, down to ${bound(is)}`}`,
    );
  }
  return clauses;
}

/** The range of a tier: the first lies below the next tier, the others above their beginning. */
function range({ from }: PlanTier, all: readonly PlanTier[]): string {
  const next = all[1];
  if (!Exact.parse(from).isZero()) return ` above ${bound(from)}`;
  return next === undefined ? '' : ` below ${bound(next.from)}`;
}

function wayOf(tier: PlanTier): string {
  const way = (['rate', 'each', 'times', 'pays'] as const).find((key) => tier[key] !== undefined);
  return way === undefined ? 'it pays nothing' : `${ways[way].replace('the ', 'its ')} is ${inWords(tier[way])}`;
}

function pointClauses(before: readonly PlanPoint[], after: readonly PlanPoint[]): string[] {
  // Two points at one place are a jump: then the curves are compared as wholes.
  const places = (points: readonly PlanPoint[]) => new Set(points.map(({ at }) => at)).size;
  const isJump = places(before) < before.length || places(after) < after.length;
  if (before.length === 0 || after.length === 0 || isJump) {
    const asPoints = (points: readonly PlanPoint[]) => (points.length === 0 ? undefined : points.map(pointText));
    return JSON.stringify(before) === JSON.stringify(after)
      ? []
      : [movedClause('the curve', asPoints(before), asPoints(after))];
  }
  const keys = ['earns', 'rate', 'pays'] as const;
  return [
    ...before.flatMap((point) => {
      const next = after.find(({ at }) => sameBound(at, point.at));
      if (!next) return [`the point of the curve at ${bound(point.at)} ends`];
      return keys.flatMap((key) =>
        point[key] === next[key]
          ? []
          : [
              movedClause(
                `what the curve ${key === 'rate' ? 'pays as a rate' : key} at ${bound(point.at)}`,
                point[key],
                next[key],
              ),
            ],
      );
    }),
    ...after
      .filter(({ at }) => !before.some((point) => sameBound(point.at, at)))
      .map((point) => `the curve gets a point: ${pointText(point)}`),
  ];
}

function pointText({ at, ...pays }: PlanPoint): string {
  return `${joined(Object.entries(pays).map(([key, value]) => `${key} ${inWords(value)}`))} at ${bound(at)}`;
}

function sameBound(a: string, b: string): boolean {
  const [one, other] = [Exact.parse(a), Exact.parse(b)];
  return one.equals(other) && (one.isZero() || a.endsWith('%') === b.endsWith('%'));
}

/** `100 % of quota`, or a number of the measure. */
function bound(text: string): string {
  return text.endsWith('%') ? `${inWords(text)} of quota` : inWords(text);
}

/** A new component in a few words. */
function summary({ name: _, tiers, curve, ...component }: PlanComponent): string {
  const parts = Object.entries(plain(component)).map(
    ([key, value]) => `${labels[key]?.replace(/^the /, '') ?? spaced(key)} ${inWords(value)}`,
  );
  const steps = (tiers ?? []).map((tier) => `${wayOf(tier).replace(/^its /, '')} from ${bound(tier.from)}`);
  return [...parts, ...steps, ...(curve ?? []).map(pointText)].join(', ');
}

/** Measures, tables and settings of the company, of which each version holds a copy. */
function usesSentences(before: unknown, after: unknown, from: string): string[] {
  const sentences = changesBetween(before ?? {}, after ?? {}).map((change) => {
    const [kind, name, ...rest] = change.path;
    if (kind === 'tables')
      return `${from}the table ${name} ${change.from === undefined ? 'is used' : change.to === undefined ? 'is no longer used' : 'changes'}.`;
    if (kind !== 'measures') return `${from}${clauseOf(change)}.`;
    if (rest.length === 0) return `${from}${movedClause(`the measure ${name}`, change.from, change.to)}.`;
    return `${from}${movedClause(`${rest.join('.')} of the measure ${name}`, change.from, change.to)}.`;
  });
  return [...new Set(sentences)];
}

function examples({ examples: before = [] }: PlanDocument, { examples: after = [] }: PlanDocument): string[] {
  const changes = changesBetween({ before }, { before: after });
  return changes.length === 0 ? [] : ['The examples change.'];
}
