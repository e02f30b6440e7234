import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { Warning } from '@attain/contracts';
import { type FedHistory, HISTORY, inTurns, NotReady, type Scope } from '@attain/service';

/** What warnings are asked for; each given one must hold. */
export interface WarningFilter {
  readonly code?: string | undefined;
  /** Of whom the warning speaks. */
  readonly participant?: string | undefined;
}

/** Warnings about plans that name what somebody was credited. */
const OF_MONEY: ReadonlySet<string> = new Set(['QUOTA_MISSING']);

@Injectable()
export class WarningQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /**
   * What is legal under a cut and probably a mistake, the gravest first. A warning that shows the whole company is for those
   * who see everybody; any other one only for those who see everyone whom it shows, today.
   */
  list(scope: Scope, cut: Cut = {}, { code, participant }: WarningFilter = {}): readonly Warning[] {
    return this.history
      .warnings(cut)
      .filter(
        (warning) =>
          (scope.everyone ||
            (warning.participants !== null &&
              warning.participants.length > 0 &&
              warning.participants.every((one) => scope.covers(one, scope.today)))) &&
          (code === undefined || warning.code === code) &&
          (participant === undefined || (warning.participants ?? []).includes(participant)),
      );
  }

  /**
   * What is legal in a version of a plan and probably a mistake, once this position is known; null where it is not known in time.
   * Without `money` it leaves out what people were credited, since an author of plans reads none of it.
   */
  async ofPlan(
    { plan, version }: { readonly plan: string; readonly version: string },
    position: bigint | string,
    { money }: { readonly money: boolean },
  ): Promise<readonly Warning[] | null> {
    try {
      await this.history.reached(position);
    } catch (error) {
      // The version is published, so that its author must not be answered an error.
      if (error instanceof NotReady) return null;
      throw error;
    }
    await inTurns(this.history.prepare('warnings'));
    return this.history
      .warnings()
      .filter(
        ({ code, about }) =>
          about.kind === 'plan' && about.plan === plan && about.version === version && (money || !OF_MONEY.has(code)),
      );
  }

  /** How many of them there are, by code. */
  counts(scope: Scope, cut: Cut = {}): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { code } of this.list(scope, cut)) counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  }
}
