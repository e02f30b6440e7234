import type { CauseKind } from '@attain/client';
import { useLingui } from '@lingui/react/macro';

/** What kind of fact moved a number, by the field's terms. */
export function useCauseKinds(): Record<CauseKind, string> {
  const { t } = useLingui();
  return {
    company: t`company settings`,
    table: t`rate table`,
    person: t`person`,
    leave: t`leave`,
    relation: t`relation`,
    rate: t`exchange rate`,
    quota: t`quota`,
    objective: t`objective`,
    plan: t`plan`,
    sign: t`signature`,
    account: t`account`,
    deal: t`deal`,
    won: t`won`,
    lost: t`lost`,
    reopened: t`reopened`,
    changed: t`changed`,
    split: t`split`,
    item: t`item`,
    invoice: t`invoice`,
    paid: t`payment`,
    activity: t`activity`,
    score: t`score`,
    cancelled: t`cancelled`,
    refunded: t`refunded`,
    churned: t`churned`,
    credited: t`credit note`,
    adjust: t`adjustment`,
    approve: t`approval`,
    retracted: t`retracted`,
  };
}
