import type { Days, Scope } from '@attain/service';

/**
 * A manager changes the rows of people who are reports today and on the days of the row. Own rows are refused OWN_PAY by the
 * command.
 */
export async function requireReport(scope: Scope, participant: string, daysOfRow: () => Promise<Days>): Promise<void> {
  scope.require(participant, scope.today);
  if (!scope.everyone) scope.require(participant, await daysOfRow());
}
