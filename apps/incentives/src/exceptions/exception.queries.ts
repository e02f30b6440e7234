import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { PayException } from '@attain/contracts';
import { type FedHistory, HISTORY, type Scope } from '@attain/service';

@Injectable()
export class ExceptionQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** What keeps a line from being paid, or pays 0 for want of a quota, of everybody inside the scope. */
  async list(scope: Scope, cut: Cut = {}): Promise<PayException[]> {
    return this.history.exceptions(cut).filter(({ participant }) => scope.covers(participant));
  }
}
