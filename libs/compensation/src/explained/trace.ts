import { Exact, type LocalDate } from '@attain/values';
import type { Credit } from '../credits/credits.js';
import { reversalsIn } from '../facts/reversals.rules.js';
import type { PaidPart } from '../earned/entitlements.js';
import type { RecordState, SourceRecord } from '../facts/records.js';
import { creditedBy, type Explained, type Line, type Why } from '../earned/lines.js';
import { targetInputs, targetSlices, targetText } from './target.js';
import { currencyOf } from '../plans/measures.js';
import type { Curve } from '../plans/curves.rules.js';
import type { Component, Pay } from '../plans/component.js';
import { countedText, exactMoney, payText, shareText } from '../plans/text.js';
import { creditDay } from '../plans/conversions.rules.js';
import { sees } from '../facts/view.js';
import type { World } from '../plans/world.js';
import { clawbackInputs, clawbackSlices } from './clawback.js';
import { type Input, type Slice, slice, type Trace } from './slice.js';

export { slice };
export type { Input, Slice, Trace };

/** The trace of a line: every input names its event, and the amounts of the slices sum to `unrounded`. */
export function traceOf(world: World, line: Line): Trace {
  const { version, component, kind } = line;
  const explained = line.explain();
  const { why } = explained;
  const slices = slicesOf(line, explained);
  const unrounded = slices.reduce((sum, { amount }) => sum.plus(Exact.parse(amount)), Exact.zero);
  const isChange = kind === 'reversal' || kind === 'true-up';
  return {
    planHash: version.hash,
    rule:
      why.target === undefined
        ? ruleOf(line, why)
        : `${version.plan} ${version.version}, ${component.name}: ${targetText(line, explained, why.target)}${askedText(why)}`,
    inputs: inputsOf(world, line, why),
    slices,
    arithmetic:
      why.taken === undefined && why.target === undefined && why.now.length + why.before.length === 0
        ? unrounded.toString()
        : `${terms(slices)} = ${unrounded}`,
    unrounded: unrounded.toString(),
    rounding:
      isChange && !component.rounding.perTotal
        ? 'what it is rounded to now minus what it was rounded to before'
        : roundingText(component),
  };
}

export function roundingText({ rounding, paidIn: currency }: Component): string {
  const to = exactMoney(rounding.step, currency);
  return `${rounding.mode} to ${to} ${currency}${rounding.perTotal ? ', once for the total of the pay period, whose cents are spread over its lines' : ''}`;
}

function ruleOf({ version, component, kind }: Line, why: Why): string {
  const { base, tiers, curve, per, count } = component;
  const place = [`${version.plan} ${version.version}`, ...(component.name === '' ? [] : [component.name])].join(', ');
  if (why.limit !== undefined) return `${place}: ${why.limit}`;
  if (kind === 'cap' && count !== null) return `${place}: the first ${count.limit} per ${count.per}`;
  const payText = (pay: Pay) => `${pay.kind} ${pay.formula.text}`;
  const steps = tiers.map(
    (tier) =>
      `from ${tier.written} ${payText(tier.pay)}${tier.retroactive === null ? '' : ' retroactive'}${tier.when === null ? '' : ` when ${tier.when.text}`}`,
  );
  const on =
    component.axisName === component.measureName
      ? component.measureName
      : `${component.measureName} by ${component.axisName}`;
  const window = why.window === null ? (per === 'deal' ? ' per deal' : '') : ` per ${per} (${why.window.name})`;
  return `${place}: ${[...(base === null ? [] : [payText(base)]), ...steps, ...(curve === null ? [] : [curveText(curve, component.paidIn)])].join('; ')} of ${on}${window}${askedText(why)}`;
}

/** The answers about the window that expressions used. */
function askedText({ soFar }: Why): string {
  if (soFar === undefined || soFar.answers.length === 0) return '';
  return `; on ${soFar.date} ${soFar.answers.map(({ text, value }) => `${text} = ${value}`).join(', ')}`;
}

function curveText({ kind, points, beyond }: Curve, currency: string): string {
  const value = (amount: Exact) => (kind === 'earns' ? exactMoney(amount, currency) : shareText(amount));
  return `curve ${points.map((point) => `at ${point.written} ${kind} ${value(point.value)}`).join(', ')}${beyond === 'continue' ? ', and on' : ''}`;
}

/** The parts of a line; if it changes an earlier line, the parts now and, taken back, those before. */
function slicesOf(line: Line, { why, unrounded }: Explained): Slice[] {
  const { component, amount, kind } = line;
  const credited = creditedBy(line);
  if (why.taken !== undefined) return clawbackSlices(line, why.taken);
  if (why.target !== undefined) return targetSlices(why.target, component, unrounded);
  if (why.now.length + why.before.length === 0) return [slice(exactMoney(unrounded, component.paidIn))];
  const slices: Slice[] = [];
  for (const part of why.now)
    if (!part.credited.isZero() || kind === 'earning') slices.push(sliceOf(part, Exact.one, component, credited));
  for (const part of why.before) if (!part.credited.isZero()) slices.push(sliceOf(part, Exact.of(-1), component, null));
  const rest = Exact.of(amount).minus(unrounded);
  const isChange = kind === 'reversal' || kind === 'true-up';
  if (isChange && !component.rounding.perTotal && !rest.isZero())
    slices.push(slice(exactMoney(rest, component.paidIn)));
  return slices;
}

/** A part of a record's entitlement in the form of a trace. */
export function sliceOf(part: PaidPart, sign: Exact, component: Component, blended: Exact | null): Slice {
  const { currency } = component;
  const { unit } = component.measure;
  const tier = part.step === null ? undefined : component.tiers[part.step.tier];
  return {
    tier: part.step === null ? null : part.step.tier + 1,
    from: tier?.written ?? part.between?.from ?? null,
    to: part.step === null ? (part.between?.to ?? null) : (component.tiers[part.step.tier + 1]?.written ?? null),
    credited: countedText(part.credited.times(sign), unit, currency),
    rate: payText(part.factor, component),
    amount: exactMoney(part.amount.times(sign), component.paidIn),
    adds: blended === null || blended.isZero() ? null : payText(part.amount.over(blended), component),
  };
}

function terms(slices: readonly Slice[]): string {
  return slices
    .map(({ credited, rate, amount }) => (credited === '0' ? amount : `${credited} × ${rate}`))
    .reduce((sum, term) => (term.startsWith('-') ? `${sum} − ${term.slice(1)}` : `${sum} + ${term}`));
}

/** All events that a line depends on. */
function inputsOf(world: World, line: Line, why: Why): Input[] {
  const { version, component, credit, cause, participant, date } = line;
  const inputs: Input[] = [{ event: version.event, what: 'plan', value: `${version.plan} ${version.version}` }];
  const row = world.row(participant, credit?.date ?? date);
  if (row !== undefined)
    inputs.push({
      event: row.event,
      what: 'participant',
      value: [participant, row.role, row.team].filter(Boolean).join(', '),
    });
  const formulas = [component.where, component.base?.formula, ...component.tiers.map(({ pay }) => pay.formula)];
  const fields = [
    ...component.measure.fields,
    ...component.axis.fields,
    ...formulas.flatMap((formula) => formula?.fields ?? []),
  ];
  for (const own of why.records ?? [])
    inputs.push(
      ...recordInputs(world, own, new Set(component.measure.fields), component.currency, creditDay(line, own.date)),
    );
  if (credit !== null)
    inputs.push(...recordInputs(world, credit, new Set(fields), component.currency, creditDay(line, credit.date)));
  for (const { quota } of why.quota?.parts ?? []) {
    inputs.push({
      event: quota.event,
      what: `quota ${component.axisName} ${quota.period}`,
      value: quota.amount.toString(),
    });
  }
  inputs.push(
    ...(why.inputs ?? []),
    ...(why.soFar?.inputs ?? []),
    ...(why.taken === undefined ? [] : clawbackInputs(world, line, why.taken)),
  );
  if (why.target !== undefined) inputs.push(...targetInputs(world, line, why.target));
  if (cause !== null)
    inputs.push(
      ...recordInputs(
        world,
        cause,
        new Set(component.axis.fields),
        component.currency,
        creditDay(line, cause.date),
      ).map((input) => ({ ...input, what: `${cause.source}:${cause.id} ${input.what}` })),
    );
  return inputs;
}

function recordInputs(
  world: World,
  credit: Credit,
  fields: ReadonlySet<string>,
  currency: string,
  day: LocalDate,
): Input[] {
  const state = world.record(credit.record);
  if (state === undefined) return [];
  const stated = lastStated(world, credit.record);
  const inputs: Input[] = [];
  const add = (name: string, value: string | undefined) => {
    const event = stated.get(name);
    if (event !== undefined && value) inputs.push({ event, what: name, value });
  };
  for (const name of fields) if (name !== 'owner' && name !== 'status') add(name, state.fields[name]);
  add('status', state.status);
  if (state.revenue.length === 0) add('owner', state.fields['owner']);
  else add('split', shares(state));
  for (const { kind, date, amount, at } of reversalsIn(state, world.view)) {
    const event = [credit.record, ...(state.parent ? [state.parent] : [])]
      .flatMap(({ entries }) => entries)
      .find((entry) => entry.at === at)?.fact.id;
    if (event !== undefined) inputs.push({ event, what: kind, value: `${amount ?? 'all'} on ${date}` });
  }
  const own = currencyOf(state, world);
  const rate = own === currency ? undefined : world.rate(own, currency, day);
  if (rate !== undefined)
    inputs.push({ event: rate.event, what: `rate ${own} to ${currency} of ${rate.date}`, value: rate.rate.toString() });
  return inputs;
}

function shares({ revenue, overlay }: RecordState): string {
  return [...revenue, ...overlay]
    .map(({ participant, share }) => `${participant} ${share.times(Exact.of(100))}%`)
    .join(', ');
}

/** The last event that stated each field of a deal, its status and its split. */
function lastStated(world: World, record: SourceRecord): ReadonlyMap<string, string> {
  // An item or a payment takes the fields that it does not state from its deal or invoice.
  const parent = world.record(record)?.parent ?? null;
  const stated = new Map(parent === null ? [] : lastStated(world, parent));
  for (const { at, fact } of record.entries) {
    if (!sees(world.view, at)) continue;
    switch (fact.type) {
      case 'ItemRecorded':
      case 'InvoiceRecorded':
      case 'PaymentRecorded':
      case 'ActivityRecorded':
        for (const name of Object.keys(fact.data.fields)) stated.set(name, fact.id);
        stated.set('status', fact.id);
        break;
      case 'DealReversed':
      case 'InvoiceReversed':
        // A refund is a payment below 0.
        if (record.refund !== null) for (const name of ['amount', 'paid', 'date', 'status']) stated.set(name, fact.id);
        break;
      case 'DealOpened':
        stated.clear();
        for (const name of Object.keys(fact.data.fields)) stated.set(name, fact.id);
        stated.set('status', fact.id);
        break;
      case 'DealWon':
      case 'DealLost':
        if (fact.data.closed !== null) stated.set('closed', fact.id);
        stated.set('status', fact.id);
        break;
      case 'DealReopened':
        stated.set('status', fact.id);
        break;
      case 'DealSplit':
        stated.set('split', fact.id);
        break;
      case 'DealAmended':
        for (const name of Object.keys(fact.data.fields)) stated.set(name, fact.id);
        break;
      case 'DealStageChanged':
      case 'DealRepriced':
      case 'DealRedated':
      case 'DealReassigned':
        for (const [name, value] of Object.entries(fact.data)) if (value !== undefined) stated.set(name, fact.id);
        break;
    }
  }
  return stated;
}
