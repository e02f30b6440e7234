import type { Warning } from '@attain/contracts';
import { addDays } from '@attain/values';
import { STEP } from '../facts/steps.js';
import type { World } from '../plans/world.js';
import { byDeal } from './warning.js';
import { dealName, type WonDeal, wonDeals } from './won-deals.js';
import { moneyWords } from './words.js';

/** Won deals that lack a field for being paid, or have an odd one. */
export function* incompleteDeals(world: World): Generator<undefined, Warning[]> {
  const won = wonDeals(world);
  const ownerless = yield* those(won, ({ holders }) => holders.length === 0);
  const blank = countsAmounts(world) ? yield* those(won, ({ amount }) => amount === null || amount.isZero()) : [];
  const backwards = yield* those(won, ({ state, closed }) => (state.fields['opened'] ?? '') > closed);
  const far = yield* those(won, isFar());
  return [...withoutOwner(ownerless), ...withoutAmount(blank), ...oddDates(backwards, far)];
}

function* those(won: readonly WonDeal[], are: (deal: WonDeal) => boolean): Generator<undefined, WonDeal[]> {
  const found: WonDeal[] = [];
  for (const [index, deal] of won.entries()) {
    if (are(deal)) found.push(deal);
    if (index % STEP === STEP - 1) yield;
  }
  return found;
}

function withoutOwner(ownerless: readonly WonDeal[]): Warning[] {
  return byDeal(
    ownerless,
    'DEAL_WITHOUT_OWNER',
    (deal) => `the won deal ${named(deal)} has no owner: nobody is paid for it; name its owner`,
    (count, source) => `${count} won deals of ${source} have no owner, and nobody is paid for them`,
  );
}

/** Where nothing counts amounts, none is expected. */
function countsAmounts(world: World): boolean {
  return [...world.company().measures.values()].some(({ fields }) => fields.includes('amount'));
}

function withoutAmount(blank: readonly WonDeal[]): Warning[] {
  return byDeal(
    blank,
    'DEAL_WITHOUT_AMOUNT',
    (deal) =>
      `the won deal ${named(deal)} has ${deal.amount === null ? 'no amount' : 'the amount 0'}: it counts as 0; state its amount`,
    (count, source) => `${count} won deals of ${source} have no amount or the amount 0, and count as 0`,
  );
}

const EARLIEST = '1990-01-01';
/** Days that a closing may lie after the day on which it became known. */
const AHEAD = 366;

/** Whether a deal closed on a day far from the day on which it became known. */
function isFar(): (deal: WonDeal) => boolean {
  // A message lists few days, however many deals it concerns.
  const latest = new Map<string, string>();
  const latestAfter = (day: string) => {
    let date = latest.get(day);
    if (date === undefined) latest.set(day, (date = addDays(day, AHEAD)));
    return date;
  };
  return ({ state, closed }) =>
    closed < EARLIEST || closed > latestAfter(state.record.entries.at(-1)!.fact.recorded.slice(0, 10));
}

function oddDates(backwards: readonly WonDeal[], far: readonly WonDeal[]): Warning[] {
  return [
    ...byDeal(
      backwards,
      'DEAL_DATES',
      (deal) =>
        `the won deal ${named(deal)} closed on ${deal.closed}, before it opened on ${deal.state.fields['opened']}: check both dates and the form of dates of the source`,
      (count, source) =>
        `${count} won deals of ${source} closed before they opened; check the form of dates of the source`,
    ),
    ...byDeal(
      far,
      'DEAL_DATES',
      (deal) =>
        `the won deal ${named(deal)} closed on ${deal.closed}, which is far from the day on which it became known: check the year`,
      (count, source) =>
        `${count} won deals of ${source} closed on days far from those on which they became known; check the years`,
    ),
  ];
}

function named(deal: WonDeal): string {
  const { name, account } = deal.state.fields;
  const called = name ?? account;
  const parts = [
    called === undefined ? undefined : JSON.stringify(called.slice(0, 60)),
    deal.amount === null ? undefined : moneyWords(deal.amount, deal.currency),
    deal.closed,
  ];
  return `${dealName(deal)} (${parts.filter((part) => part !== undefined).join(', ')})`;
}
