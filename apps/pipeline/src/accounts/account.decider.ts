import type { PipelineEvent } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';

export type AccountEvent = Extract<PipelineEvent, { type: `Account${string}` }>;
export interface Account {
  readonly source: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}
export type AccountCommand =
  | { readonly do: 'record'; readonly account: Account }
  | { readonly do: 'retract'; readonly account: Omit<Account, 'fields'> };

export const accountDecider: Decider<Account | null, AccountCommand, AccountEvent> = {
  category: 'account',
  initial: null,
  decide(command, state) {
    const { source, id } = command.account;
    if (command.do === 'retract') return state === null ? [] : [{ type: 'AccountRetracted', data: { source, id } }];
    const { fields } = command.account;
    return state !== null && sameFields(state.fields, fields)
      ? []
      : [{ type: 'AccountRecorded', data: { source, id, fields: { ...fields } } }];
  },
  evolve: (_, event) => (event.type === 'AccountRecorded' ? event.data : null),
};

export function sameFields(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
