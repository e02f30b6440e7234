import { Exact, isDate, type LocalDate } from '@attain/values';
import type { Credit } from '../credits/credits.js';
import type { ReleaseFact } from '../facts/entries.js';
import { amountOf, type RecordState, type SourceRecord } from '../facts/records.js';
import { takenParts } from '../facts/reversals.rules.js';
import { reach, sees } from '../facts/view.js';
import { dayAfterTime } from '../plans/durations.rules.js';
import { currencyOf } from '../plans/measures.js';
import type { Component } from '../plans/component.js';
import type { ReleasePart } from '../plans/releases.js';
import { shareText } from '../plans/text.js';
import type { World } from '../plans/world.js';

/** The share of the earned amount that is released from a day on, until the next day of the list. */
export interface ShareFrom {
  readonly date: LocalDate;
  readonly share: Exact;
}
/** The release terms of a record's pay. */
export interface Releasing {
  readonly steps: readonly ShareFrom[];
  /** The condition of the release, as text. */
  readonly waits: string;
  /** The events that released a part. */
  readonly inputs: readonly { readonly event: string; readonly what: string; readonly value: string }[];
}

interface Part {
  readonly share: Exact;
  readonly steps: readonly ShareFrom[];
}

/** The released share of a record by day, in a view. */
export function releasing(world: World, participant: string, component: Component, credit: Credit): Releasing {
  const state = world.record(credit.record);
  const inputs: Releasing['inputs'][number][] = [];
  if (state === undefined) return { steps: [], waits: '', inputs };
  const parts = component.release.map((part): Part => ({
    share: part.share,
    steps: stepsOf(world, participant, component, credit, state, part, inputs),
  }));
  return { steps: together(parts), waits: component.release.map(waitsFor).join(', '), inputs };
}

function waitsFor({ share, on }: ReleasePart): string {
  const what =
    on.kind === 'payment'
      ? 'the customer’s payment'
      : on.kind === 'approval'
        ? 'an approval'
        : on.kind === 'date'
          ? on.field
          : `${on.time.written} after the credit`;
  return share.equals(Exact.one) ? what : `${shareText(share)} for ${what}`;
}

/** The sum of all parts, for each day on which one of them changes. */
function together(parts: readonly Part[]): readonly ShareFrom[] {
  const days = [...new Set(parts.flatMap(({ steps }) => steps.map(({ date }) => date)))].sort();
  return days.map((date) => ({
    date,
    share: parts.reduce((sum, { share, steps }) => sum.plus(share.times(shareOn(steps, date))), Exact.zero),
  }));
}

/** The share on a day; 0 before the first day. */
export function shareOn(steps: readonly ShareFrom[], date: LocalDate): Exact {
  return steps.findLast((step) => step.date <= date)?.share ?? Exact.zero;
}

function stepsOf(
  world: World,
  participant: string,
  component: Component,
  credit: Credit,
  state: RecordState,
  { on }: ReleasePart,
  inputs: Releasing['inputs'][number][],
): readonly ShareFrom[] {
  const limit = reach(world.view, state.turned);
  switch (on.kind) {
    case 'payment':
      return paymentSteps(world, state, inputs);
    case 'approval':
      return approvalSteps(world, participant, component, state, inputs);
    case 'date': {
      const date = state.fields[on.field] ?? '';
      return isDate(date) && date <= limit ? [{ date, share: Exact.one }] : [];
    }
    case 'after': {
      const date = dayAfterTime(credit.date, on.time);
      return date <= limit ? [{ date, share: Exact.one }] : [];
    }
  }
}

/**
 * A movement of the share that a customer has paid: `received` for a payment, `refunded` for an amount given back, both
 * in the record's currency.
 */
interface Movement {
  readonly date: LocalDate;
  readonly received: Exact;
  readonly refunded: Exact;
}

/** (received − refunded) ÷ (amount − refunded), from 0 to 1; unchanged if nothing is left. */
function paymentSteps(world: World, state: RecordState, inputs: Releasing['inputs'][number][]): readonly ShareFrom[] {
  const { record } = state;
  // A payment counts as paid by the customer.
  if (record.of === 'payments') return [{ date: state.fields['paid'] ?? '', share: Exact.one }];
  // The paid share of a deal applies to each of its items.
  const owed = record.of === 'items' || record.of === 'activities' ? state.deal : state;
  if (owed === null || owed === undefined) return [];
  const whole = amountOf(owed.fields);
  const movements = [...payments(world, owed, owed.record, inputs), ...refunds(world, owed, whole)].sort((a, b) =>
    a.date < b.date ? -1 : a.date > b.date ? 1 : 0,
  );
  let [received, refunded, share] = [Exact.zero, Exact.zero, Exact.zero];
  const steps: ShareFrom[] = [];
  movements.forEach((movement, index) => {
    received = received.plus(movement.received);
    refunded = refunded.plus(movement.refunded);
    if (movements[index + 1]?.date === movement.date) return;
    const left = whole.minus(refunded);
    if (!left.isZero()) share = between0and1(received.minus(refunded).over(left));
    steps.push({ date: movement.date, share });
  });
  return steps;
}

function between0and1(share: Exact): Exact {
  return share.sign() < 0 ? Exact.zero : share.compare(Exact.one) > 0 ? Exact.one : share;
}

/** The payments of a record and of its invoices. */
function payments(
  world: World,
  owed: RecordState,
  of: SourceRecord,
  inputs: Releasing['inputs'][number][],
): Movement[] {
  return of.related.flatMap((related): Movement[] => {
    if (related.of === 'invoices') return payments(world, owed, related, inputs);
    if (related.of !== 'payments' || related.refund !== null) return [];
    const state = world.record(related);
    // The payment may belong to another record by now.
    if (state === undefined || (state.parent !== of && state.deal?.record !== of)) return [];
    const date = state.fields['paid'] ?? '';
    if (!isDate(date) || date > reach(world.view, state.turned)) return [];
    const amount = world.converted(amountOf(state.fields), currencyOf(state, world), currencyOf(owed, world), date);
    // Without a rate, the paid share of the record is unknown.
    if (amount === null) return [];
    const event = related.entries.findLast(({ at }) => sees(world.view, at))?.fact.id;
    if (event !== undefined)
      inputs.push({
        event,
        what: 'paid',
        value: `${state.fields['amount'] ?? '0'} ${currencyOf(state, world)} on ${date}`,
      });
    return [{ date, received: amount, refunded: Exact.zero }];
  });
}

function refunds(world: World, owed: RecordState, whole: Exact): Movement[] {
  return takenParts(owed, world.view)
    .filter(({ reversal }) => reversal.kind === 'refunded')
    .map(({ reversal: { date }, part }) => ({ date, received: Exact.zero, refunded: whole.times(part) }));
}

function approvalSteps(
  world: World,
  participant: string,
  component: Component,
  state: RecordState,
  inputs: Releasing['inputs'][number][],
): readonly ShareFrom[] {
  const approved = [state, ...(state.deal ? [state.deal] : [])].flatMap(({ record }) =>
    approvals(world, record, component, participant),
  );
  const [first] = approved.sort((a, b) => (a.data.date < b.data.date ? -1 : 1));
  if (first === undefined) return [];
  inputs.push({ event: first.id, what: 'approve', value: `${component.name} on ${first.data.date}` });
  return [{ date: first.data.date, share: Exact.one }];
}

/** The valid approvals of a record for a component: for everybody, or for the participant. */
function approvals(
  world: World,
  { of, source, id }: SourceRecord,
  component: Component,
  participant: string,
): Extract<ReleaseFact, { type: 'ReleaseApproved' }>[] {
  const standing = new Map<string | null, Extract<ReleaseFact, { type: 'ReleaseApproved' }>>();
  for (const { at, fact } of world.facts.releases.get(`release-${source}:${id}`) ?? []) {
    if (!sees(world.view, at) || fact.data.of !== of || fact.data.component !== component.name) continue;
    if (fact.data.participant !== null && fact.data.participant !== participant) continue;
    if (fact.type === 'ReleaseWithdrawn') standing.delete(fact.data.participant);
    else if (fact.data.date <= reach(world.view, at)) standing.set(fact.data.participant, fact);
  }
  return [...standing.values()];
}
