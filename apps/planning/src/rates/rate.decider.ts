import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { Exact, isCurrency, isRecordable, isSummable } from '@attain/values';

export type RateEvent = Extract<PlanningEvent, { type: `ExchangeRate${string}` }>;

/** Units of `to` for one unit of `from`, from that date until the next one; never inverted. */
export interface Rate {
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly rate: string;
}
export type RateKey = Omit<Rate, 'rate'>;
/** By date. */
export type RateState = Readonly<Record<string, string>>;
export type RateCommand =
  | { readonly do: 'record'; readonly rate: Rate }
  | { readonly do: 'retract'; readonly rate: RateKey }
  | { readonly do: 'sync'; readonly from: string; readonly to: string; readonly rates: readonly Rate[] };

export const rateDecider: Decider<RateState, RateCommand, RateEvent> = {
  category: 'rate',
  initial: {},
  decide,
  evolve,
};

function decide(command: RateCommand, state: RateState): readonly RateEvent[] {
  switch (command.do) {
    case 'record':
      return recorded(command.rate, state);
    case 'retract':
      return command.rate.date in state ? [retracted(command.rate)] : [];
    case 'sync': {
      const dates = new Set<string>();
      for (const { date } of command.rates) {
        if (dates.has(date))
          throw new Refused('DUPLICATE_ROW', `${command.from} to ${command.to}: two rates of ${date}`, { date });
        dates.add(date);
      }
      const gone = Object.keys(state).filter((date) => !dates.has(date));
      return [
        ...gone.map((date) => retracted({ from: command.from, to: command.to, date })),
        ...command.rates.flatMap((rate) => recorded(rate, state)),
      ];
    }
  }
}

function recorded(rate: Rate, state: RateState): RateEvent[] {
  const invalid = (field: string, expected: string, found: string) =>
    new Refused('INVALID_FIELD', `${field}: expected ${expected}, found ${JSON.stringify(found)}`, { field });
  if (!isCurrency(rate.from)) throw invalid('from', 'an ISO 4217 code such as EUR', rate.from);
  if (!isCurrency(rate.to) || rate.to === rate.from)
    throw invalid('to', 'the ISO 4217 code of another currency', rate.to);
  if (!isRecordable(rate.date))
    throw invalid('date', 'a date from 1900-01-01 to 2199-12-31 such as 2025-03-31', rate.date);
  if (!/^\d{1,30}(\.\d{1,20})?$/.test(rate.rate) || Exact.parse(rate.rate).isZero() || !isSummable(rate.rate))
    throw invalid('rate', 'a decimal above 0 such as 1.09, below 9007199254740.992', rate.rate);
  const known = state[rate.date];
  return known !== undefined && Exact.parse(known).equals(Exact.parse(rate.rate))
    ? []
    : [{ type: 'ExchangeRateRecorded', data: { ...rate } }];
}

function retracted({ from, to, date }: RateKey): RateEvent {
  return { type: 'ExchangeRateRetracted', data: { from, to, date } };
}

function evolve(state: RateState, event: RateEvent): RateState {
  if (event.type === 'ExchangeRateRecorded') return { ...state, [event.data.date]: event.data.rate };
  const { [event.data.date]: _, ...others } = state;
  return others;
}
