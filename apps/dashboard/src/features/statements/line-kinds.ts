import type { StatementLine } from '@attain/client';
import { useLingui } from '@lingui/react/macro';

/** The kinds of lines by the field's terms. */
export function useLineKinds(): Record<StatementLine['kind'], string> {
  const { t } = useLingui();
  return {
    earning: t`Earning`,
    reversal: t`Reversal`,
    'true-up': t`True-up`,
    multiplier: t`Multiplier`,
    cap: t`Cap`,
    clawback: t`Clawback`,
    hold: t`Hold`,
    release: t`Release`,
    difference: t`Late difference`,
    adjustment: t`Adjustment`,
    carried: t`Carried over`,
    draw: t`Draw`,
    recovery: t`Recovery of a draw`,
  };
}
