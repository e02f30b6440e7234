import type { DealEvent, DealFields } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { type FieldChanges, checkFields, withoutBlanks } from './deal-fields.rules.js';
import { checkReversals, type Reversal } from './reversals.rules.js';
import { checkSplit, type Shares } from './splits.rules.js';

/** Identity of a deal: the source system and the record's id there. */
export interface DealRef {
  readonly source: string;
  readonly id: string;
}

export type DealStatus = 'open' | 'won' | 'lost';

export interface DealState {
  /** `none`: unknown, or retracted by its source. */
  readonly status: DealStatus | 'none';
  readonly fields: Readonly<DealFields>;
  readonly revenue: Shares;
  readonly overlay: Shares;
  readonly reversals: Readonly<Record<string, Reversal>>;
}

export type DealCommand =
  | { readonly do: 'open'; readonly deal: DealRef; readonly fields: FieldChanges }
  | { readonly do: 'change'; readonly fields: FieldChanges }
  | { readonly do: 'win'; readonly deal: DealRef; readonly closed: string; readonly fields: FieldChanges }
  | { readonly do: 'lose'; readonly deal: DealRef; readonly closed: string | null; readonly fields: FieldChanges }
  | { readonly do: 'reopen' }
  | { readonly do: 'split'; readonly revenue: Shares; readonly overlay: Shares }
  | ({ readonly do: 'reverse'; readonly reversal: string | null } & Reversal)
  | { readonly do: 'retractReversal'; readonly reversal: string }
  /** All reversals that one source knows of this deal; their ids begin with `<of>:`. */
  | { readonly do: 'syncReversals'; readonly of: string; readonly reversals: Readonly<Record<string, Reversal>> }
  | { readonly do: 'retract' }
  /** The whole row as the source has it now: absent fields are blank. */
  | { readonly do: 'sync'; readonly deal: DealRef; readonly status: DealStatus; readonly fields: FieldChanges };

const initial: DealState = { status: 'none', fields: {}, revenue: {}, overlay: {}, reversals: {} };

export const dealDecider: Decider<DealState, DealCommand, DealEvent> = {
  category: 'deal',
  initial,
  decide,
  evolve,
  concerned,
};

function decide(command: DealCommand, state: DealState): readonly DealEvent[] {
  switch (command.do) {
    case 'open': {
      if (state.status === 'none') return opened(command.deal, command.fields);
      if (state.status === 'open' && changes(state, replacing(state, command.fields)).length === 0) return [];
      throw new Refused('DEAL_EXISTS', `The deal ${command.deal.source}:${command.deal.id} exists already`);
    }
    case 'sync':
      return synced(command, state);
    case 'win':
      return reached(state, command.deal, 'won', { ...command.fields, closed: command.closed });
    case 'lose':
      return reached(
        state,
        command.deal,
        'lost',
        command.closed === null ? command.fields : { ...command.fields, closed: command.closed },
      );
    case 'retract':
      return state.status === 'none' ? [] : [{ type: 'DealRetracted', data: {} }];
    default:
      if (state.status === 'none') throw new Refused('DEAL_UNKNOWN', 'The deal does not exist');
      return decideKnown(command, state);
  }
}

function decideKnown(
  command: Exclude<DealCommand, { do: 'open' | 'sync' | 'win' | 'lose' | 'retract' }>,
  state: DealState,
): readonly DealEvent[] {
  switch (command.do) {
    case 'change':
      if (state.status === 'won' && (command.fields['closed'] === null || command.fields['closed'] === ''))
        throw closedMissing();
      return changes(state, command.fields);
    case 'reopen':
      return reopened(state);
    case 'split': {
      checkSplit(command.revenue, command.overlay);
      if (same(command.revenue, state.revenue) && same(command.overlay, state.overlay)) return [];
      return [{ type: 'DealSplit', data: { revenue: command.revenue, overlay: command.overlay } }];
    }
    case 'reverse': {
      const { kind, date, amount } = command;
      const reversal = command.reversal ?? String(Object.keys(state.reversals).length + 1);
      const known = state.reversals[reversal];
      if (known !== undefined) {
        if (known.kind === kind && known.date === date && known.amount === amount) return [];
        throw new Refused('REVERSAL_EXISTS', `The reversal ${reversal} exists already with other terms`);
      }
      checkReversals(state, { ...state.reversals, [reversal]: { kind, date, amount } });
      return [{ type: 'DealReversed', data: { reversal, kind, date, amount } }];
    }
    case 'retractReversal':
      return command.reversal in state.reversals
        ? [{ type: 'DealReversalRetracted', data: { reversal: command.reversal } }]
        : [];
    case 'syncReversals':
      return syncedReversals(command, state);
  }
}

function opened(deal: DealRef, fields: FieldChanges): DealEvent[] {
  // Otherwise `c` of `a:b` and `b:c` of `a` would be one deal.
  if (deal.source.includes(':'))
    throw new Refused('INVALID_FIELD', 'source: expected a name without a colon', { field: 'source' });
  checkFields(fields);
  return [{ type: 'DealOpened', data: { source: deal.source, id: deal.id, fields: withoutBlanks(fields) } }];
}

function synced(
  { deal, status, fields }: Extract<DealCommand, { do: 'sync' }>,
  state: DealState,
): readonly DealEvent[] {
  return reached(state, deal, status, state.status === 'none' ? fields : replacing(state, fields));
}

/** The events that bring a deal to a status with these fields changed. */
function reached(state: DealState, deal: DealRef, status: DealStatus, fields: FieldChanges): readonly DealEvent[] {
  if (status === state.status) {
    if (status === 'won' && !(fields['closed'] === undefined ? state.fields['closed'] : fields['closed']))
      throw closedMissing();
    return changes(state, fields);
  }
  const events: DealEvent[] = [];
  let reached = state;
  if (state.status === 'won' || state.status === 'lost') {
    events.push(...reopened(state));
    reached = events.reduce(evolve, state);
  }
  if (status === 'open') {
    events.push(...(state.status === 'none' ? opened(deal, fields) : changes(reached, fields)));
    return events;
  }
  const closed = fields['closed'] === undefined ? reached.fields['closed'] : fields['closed'] || undefined;
  if (status === 'won' && closed === undefined) throw closedMissing();
  if (reached.status === 'none') {
    const { closed: _, ...others } = fields;
    checkFields({ closed });
    events.push(...opened(deal, others));
  } else {
    // The closing event contains the date, if there is one.
    events.push(...changes(reached, closed === undefined ? fields : { ...fields, closed: undefined }));
    checkFields({ closed });
  }
  if (status === 'won') events.push({ type: 'DealWon', data: { closed: closed! } });
  else events.push({ type: 'DealLost', data: { closed: closed ?? null } });
  return events;
}

function reopened(state: DealState): DealEvent[] {
  if (state.status === 'open') return [];
  // A record that was never sold cannot be reversed.
  const retracted = Object.keys(state.reversals).map((reversal): DealEvent => ({
    type: 'DealReversalRetracted',
    data: { reversal },
  }));
  return [...retracted, { type: 'DealReopened', data: {} }];
}

/** One event for each kind of change, none for an unchanged field. */
function changes(state: DealState, fields: FieldChanges): DealEvent[] {
  const changed: Record<string, string | null> = {};
  let any = false;
  for (const field in fields) {
    const wanted = fields[field];
    if (wanted === undefined) continue;
    const value = wanted === '' ? null : wanted;
    if (value === (state.fields[field] ?? null)) continue;
    changed[field] = value;
    any = true;
  }
  if (!any) return [];
  // An amount and its currency are checked together, also where only one of them changes.
  const { amount: before, currency: named } = state.fields;
  checkFields(changed['currency'] === undefined ? { currency: named, ...changed } : { amount: before, ...changed });
  const { stage, amount, currency, opened, closed, owner, ...others } = changed;
  const events: DealEvent[] = [];
  if (stage !== undefined) events.push({ type: 'DealStageChanged', data: { stage } });
  if (amount !== undefined || currency !== undefined) {
    const priced = {
      amount: amount === undefined ? (state.fields['amount'] ?? null) : amount,
      currency: currency === undefined ? (state.fields['currency'] ?? null) : currency,
    };
    if (state.status === 'won')
      checkReversals({ ...state, fields: withoutBlanks({ ...state.fields, ...priced }) }, state.reversals);
    events.push({ type: 'DealRepriced', data: priced });
  }
  if (opened !== undefined || closed !== undefined) {
    events.push({
      type: 'DealRedated',
      data: { ...(opened !== undefined && { opened }), ...(closed !== undefined && { closed }) },
    });
  }
  if (owner !== undefined) events.push({ type: 'DealReassigned', data: { owner } });
  if (Object.keys(others).length > 0) events.push({ type: 'DealAmended', data: { fields: others } });
  return events;
}

/** The changes that leave only these fields. */
function replacing(state: DealState, fields: FieldChanges): FieldChanges {
  let missing: Record<string, string | null | undefined> | undefined;
  for (const field in state.fields) {
    if (fields[field] === undefined) (missing ??= { ...fields })[field] = null;
  }
  return missing ?? fields;
}

function syncedReversals(
  { of, reversals }: Extract<DealCommand, { do: 'syncReversals' }>,
  state: DealState,
): DealEvent[] {
  const next: Record<string, Reversal> = {};
  const events: DealEvent[] = [];
  for (const [reversal, known] of Object.entries(state.reversals)) {
    const now = reversals[reversal];
    const equal =
      now !== undefined && now.kind === known.kind && now.date === known.date && now.amount === known.amount;
    if (reversal.startsWith(`${of}:`) && !equal) events.push({ type: 'DealReversalRetracted', data: { reversal } });
    else next[reversal] = known;
  }
  for (const [reversal, details] of Object.entries(reversals)) {
    if (reversal in next) continue;
    next[reversal] = details;
    events.push({ type: 'DealReversed', data: { reversal, ...details } });
  }
  if (events.length > 0 && Object.keys(next).length > 0) checkReversals(state, next);
  return events;
}

function same(a: Shares, b: Shares): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function closedMissing(): Refused {
  return new Refused('CLOSED_MISSING', 'closed: a won deal needs the date of its closing', { field: 'closed' });
}

function evolve(state: DealState, event: DealEvent): DealState {
  switch (event.type) {
    case 'DealOpened':
      return { ...initial, status: 'open', fields: event.data.fields };
    case 'DealStageChanged':
    case 'DealRepriced':
    case 'DealRedated':
    case 'DealReassigned':
      return { ...state, fields: withoutBlanks({ ...state.fields, ...event.data }) };
    case 'DealAmended':
      return { ...state, fields: withoutBlanks({ ...state.fields, ...event.data.fields }) };
    case 'DealSplit':
      return { ...state, revenue: event.data.revenue, overlay: event.data.overlay };
    case 'DealWon':
      return { ...state, status: 'won', fields: { ...state.fields, closed: event.data.closed } };
    case 'DealLost':
      return {
        ...state,
        status: 'lost',
        fields: event.data.closed === null ? state.fields : { ...state.fields, closed: event.data.closed },
      };
    case 'DealReopened':
      return { ...state, status: 'open' };
    case 'DealReversed': {
      const { reversal, ...details } = event.data;
      return { ...state, reversals: { ...state.reversals, [reversal]: details } };
    }
    case 'DealReversalRetracted': {
      const { [event.data.reversal]: _, ...others } = state.reversals;
      return { ...state, reversals: others };
    }
    case 'DealRetracted':
      return initial;
  }
}

/** The owner and the holders of shares, before and after. */
function concerned({ before, after }: { before: DealState; after: DealState }): string[] {
  return [before, after].flatMap(({ fields, revenue, overlay }) => [
    ...(fields['owner'] === undefined ? [] : [fields['owner']]),
    ...Object.keys(revenue),
    ...Object.keys(overlay),
  ]);
}
