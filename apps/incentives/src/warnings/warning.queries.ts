import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { Warning } from '@attain/contracts';
import { type FedHistory, HISTORY, type Scope } from '@attain/service';

/** What warnings are asked for; each given one must hold. */
export interface WarningFilter {
  readonly code?: string | undefined;
  /** Of whom the warning speaks. */
  readonly participant?: string | undefined;
}

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
          (scope.everyone || (warning.participants !== null && warning.participants.length > 0 && warning.participants.every((one) => scope.covers(one, scope.today)))) &&
          (code === undefined || warning.code === code) &&
          (participant === undefined || (warning.participants ?? []).includes(participant)),
      );
  }

  /** How many of them there are, by code. */
  counts(scope: Scope, cut: Cut = {}): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { code } of this.list(scope, cut)) counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  }
}
