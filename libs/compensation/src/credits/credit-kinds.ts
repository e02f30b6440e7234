import type { CreditRules } from '../plans/credit-rules.js';
import type { World } from '../plans/world.js';
import { rulesFor } from './attainment.js';

/** `through` covers every relation, `all` is with or without a condition. */
export type CreditKind = 'sales' | 'overlay' | 'reports' | 'through' | 'all';

/**
 * The kinds in the components of every plan version that names one of the participant's rows, and in the quotas of
 * every period.
 */
export function creditKindsOf(world: World, participant: string): ReadonlySet<CreditKind> {
  const company = world.company();
  const rows = world.rows(participant);
  const versions = world.plans().flatMap((life) => life.versions.map(({ version }) => version));
  const named = versions.filter((version) => rows.some((row) => version.names(participant, row)));
  const quotas = [...company.measures.keys()].flatMap((measure) => [...world.quotas(participant, measure).values()]);
  const rules = [
    ...named.flatMap(({ components }) => components.map(({ credit }) => credit)),
    ...quotas.map(({ credit }) => rulesFor(company, credit.length === 0 ? ['sales'] : credit)),
  ];
  return new Set(rules.flatMap(kindsOf));
}

function kindsOf({ sales, overlay, reports, through, all, where }: CreditRules): CreditKind[] {
  const kinds: Record<CreditKind, boolean> = {
    sales,
    overlay,
    reports,
    through: through.length > 0,
    all: all || where.length > 0,
  };
  return (Object.keys(kinds) as CreditKind[]).filter((kind) => kinds[kind]);
}
