import type { EventOf } from '@attain/contracts';
import { companyConfigured } from '@attain/contracts';
import type { Decider } from '@attain/eventsourcing';
import { canonicalJson } from '@attain/values';
import { type CompanyUses, NO_USES, requireKept } from './company-changes.rules.js';

export type CompanyEvent = EventOf<typeof companyConfigured>;
/** company.yaml as written, null before the first one. */
export type CompanyState = Readonly<Record<string, unknown>> | null;
export interface CompanyCommand {
  readonly document: Readonly<Record<string, unknown>>;
}

/** The stream's key: there is one company in a deployment. */
export const COMPANY = 'main';

/** For a company whose quotas, plans, deals and closed periods depend on the document. */
export function companyDeciderOf(uses: CompanyUses): Decider<CompanyState, CompanyCommand, CompanyEvent> {
  return {
    category: 'company',
    initial: null,
    decide({ document }, state) {
      if (state !== null && canonicalJson(state) === canonicalJson(document)) return [];
      requireKept(state, document, uses);
      return [{ type: 'CompanyConfigured', data: { document: { ...document } } }];
    },
    evolve: (_, event) => event.data.document,
  };
}

export const companyDecider = companyDeciderOf(NO_USES);
