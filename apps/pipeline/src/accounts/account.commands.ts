import { type Context, type Executor, type Outcome, Refused } from '@attain/eventsourcing';
import { EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { type Account, accountDecider } from './account.decider.js';

@Injectable()
export class AccountCommands {
  constructor(@Inject(EXECUTOR) private readonly executor: Executor) {}

  /** The whole account as its source has it now. */
  record(account: Account, context: Context): Promise<Outcome> {
    const long = Object.entries(account.fields).find(([, value]) => value.length > 4000);
    if (long) throw new Refused('INVALID_FIELD', `${long[0]}: expected at most 4000 characters`, { field: long[0] });
    return this.executor.execute(accountDecider, `${account.source}:${account.id}`, { do: 'record', account }, context);
  }

  retract(account: Omit<Account, 'fields'>, context: Context): Promise<Outcome> {
    return this.executor.execute(
      accountDecider,
      `${account.source}:${account.id}`,
      { do: 'retract', account },
      context,
    );
  }
}
