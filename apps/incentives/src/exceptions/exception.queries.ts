import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { PayException } from '@attain/contracts';
import { type Days, type FedHistory, HISTORY, type Scope } from '@attain/service';

export interface Exceptions {
  rows: PayException[];
  /** How many of people whom the caller sees at other times are left out. */
  withheld: number;
}

@Injectable()
export class ExceptionQueries {
  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** What keeps a line from being paid, or pays 0 for want of a quota, of everybody whose pay period the scope shows. */
  async list(scope: Scope, cut: Cut = {}): Promise<Exceptions> {
    let withheld = 0;
    const seen = (participant: string, period: Days): boolean => {
      const covered = scope.covers(participant, period);
      if (!covered && scope.participants.has(participant)) withheld += 1;
      return covered;
    };
    const rows = this.history.exceptions(cut, { seen });
    return { rows, withheld };
  }
}
