import type { EventOf } from '@attain/contracts';
import { companyConfigured } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';
import { canonicalJson } from '@attain/values';

export type CompanyEvent = EventOf<typeof companyConfigured>;
/** company.yaml as written, null before the first one. */
export type CompanyState = Readonly<Record<string, unknown>> | null;
export interface CompanyCommand {
  readonly document: Readonly<Record<string, unknown>>;
}

/** The stream's key: there is one company in a deployment. */
export const COMPANY = 'main';

export const companyDecider: Decider<CompanyState, CompanyCommand, CompanyEvent> = {
  category: 'company',
  initial: null,
  decide: ({ document }, state) =>
    state !== null && canonicalJson(state) === canonicalJson(document) ? [] : [{ type: 'CompanyConfigured', data: { document: { ...document } } }],
  evolve: (_, event) => event.data.document,
};
