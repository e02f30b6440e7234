import { type PlanComponent, suggestion } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type ContestDocument, fieldAmong, placeNamed, rankOf, shareOf, unquoted } from '../contests.js';
import { namesOfWindow, type PlanContext } from './plan-context.js';
import { readCondition, type Report } from './expression.rules.js';

type Path = (string | number)[];

/** A contest has a rank and prizes, or is a pool that is divided; it has a window of time and no other way to pay. */
export function checkContest(component: PlanComponent, context: PlanContext, problem: Report): void {
  const { contest, per } = component;
  if (contest === undefined) return;
  const other = (['measure', 'by', 'rate', 'each', 'tiers', 'curve', 'target', 'objectives', 'where'] as const).find(
    (key) => component[key] !== undefined,
  );
  if (other !== undefined) problem([other], 'value', `\`contest\` and \`${other}\` exclude each other`);
  if (per === undefined || per === 'deal')
    problem([], 'missing', 'missing: `per`, the window of time of the contest (month | quarter | half | year | plan)');
  const at = (key: keyof ContestDocument): Path => ['contest', key];
  const measure = (name: string, path: Path) => checkMeasure(name, path, context, problem);
  const { rank, pot, among, divide, final } = contest;
  if (rank !== undefined) measure(rankOf(rank).measure, at('rank'));
  if (pot !== undefined) {
    const share = shareOf(pot);
    if (share !== undefined) {
      measure(share.measure, at('pot'));
      if (context.measures.get(share.measure) === 'number')
        problem(
          at('pot'),
          'type',
          `\`${share.measure}\` counts a number and not money: a pot is a share of money, or an amount`,
        );
    } else if (!/^\d{1,12}(\.\d{1,12})?$/.test(pot))
      problem(
        at('pot'),
        'value',
        `expected a share of a measure such as 5% of revenue, or an amount such as 10000, found \`${pot}\``,
      );
  }
  if (among !== undefined && fieldAmong(among) === undefined)
    problem(at('among'), 'value', `expected a field of the participant such as my.team, found \`${among}\``);
  if (divide !== undefined && unquoted(divide) !== 'equally') measure(unquoted(divide), at('divide'));
  if (rank === undefined) checkPool(contest, at, problem);
  else checkPrizes(contest, at, problem);
  checkRequires(contest, context, problem);
  if (final === 'yes' && per === 'plan')
    problem(at('final'), 'value', 'a contest over the life of a plan is decided by no close of a pay period');
}

function checkPool(
  { pot, prizes, winners, prize, ties }: ContestDocument,
  at: (key: keyof ContestDocument) => Path,
  problem: Report,
): void {
  if (pot === undefined) problem(['contest'], 'missing', 'a contest has a `rank`, or is a pool with a `pot`');
  for (const [key, value] of Object.entries({ prizes, winners, prize, ties })) {
    if (value !== undefined)
      problem(at(key as keyof ContestDocument), 'value', `\`${key}\` needs a \`rank\`: a pool is divided among all`);
  }
}

function checkPrizes(
  { pot, prizes, winners, prize, divide }: ContestDocument,
  at: (key: keyof ContestDocument) => Path,
  problem: Report,
): void {
  if (divide !== undefined)
    problem(at('divide'), 'value', 'a contest with a `rank` has prizes; `divide` is for a pool without a rank');
  if (prizes !== undefined && (winners ?? prize) !== undefined)
    problem(at('prizes'), 'value', 'a contest has either `prizes` by place, or `winners` of one `prize`');
  else if (prizes === undefined && (winners === undefined || prize === undefined))
    problem(['contest'], 'missing', 'missing: `prizes` by place, or `winners` and their `prize`');
  const shares = [...(prizes ?? []), ...(prize === undefined ? [] : [prize])].filter((text) => /[%/]/.test(text));
  if (shares.length > 0 && pot === undefined)
    problem(['contest'], 'missing', `the prize ${shares[0]} is a share of a \`pot\`, and there is none`);
  for (const [index, text] of (prizes ?? []).entries())
    if (Exact.parse(text).sign() < 0) problem([...at('prizes'), index], 'value', `a prize is 0 or more, found ${text}`);
  if (
    prizes !== undefined &&
    shares.reduce((sum, share) => sum.plus(Exact.parse(share)), Exact.zero).compare(Exact.one) > 0
  )
    problem(at('prizes'), 'value', 'the prizes are more than the whole pot');
  if (winners !== undefined && !/[%/]/.test(winners) && !/^[1-9]\d{0,5}$/.test(winners))
    problem(at('winners'), 'value', `expected a number of winners such as 3, or a share such as 10%, found ${winners}`);
}

function checkRequires({ requires }: ContestDocument, { environment, measures }: PlanContext, problem: Report): void {
  if (requires === undefined) return;
  const window = namesOfWindow(environment, measures);
  const conditions: [string, Path][] =
    typeof requires === 'string'
      ? [[requires, ['contest', 'requires']]]
      : Object.entries(requires).map(([place, condition]) => [condition, ['contest', 'requires', place]]);
  for (const [condition, path] of conditions) {
    const place = path[2];
    if (typeof place === 'string' && placeNamed(place) === undefined)
      problem(path, 'value', `expected a place such as first or 4, found \`${place}\``);
    readCondition(condition, path, window, problem, null);
  }
}

function checkMeasure(name: string, path: Path, { measures, refused }: PlanContext, problem: Report): void {
  const unit = measures.get(name);
  if (unit === undefined)
    problem(path, 'unknown-name', `unknown measure \`${name}\`${suggestion(name, measures.keys())}`);
  else if (unit === null) {
    const { code, message } = refused.get(name) ?? {
      code: 'value',
      message: 'it is made of a measure that cannot be used',
    };
    problem(path, code, `the measure \`${name}\` cannot be used: ${message}`);
  }
}
