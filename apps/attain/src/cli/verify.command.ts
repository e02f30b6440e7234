import { resolve } from 'node:path';
import { verifyLog } from '@attain/adapters';
import type { VerificationReport } from '@attain/incentives';
import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { exitCodes, Stop, table, type Terminal } from './terminal.js';

export function verifyCommand(terminal: Terminal): Command {
  return aimed(new Command('verify'))
    .summary('re-read the log and recompute every issued statement')
    .description(
      'Reads the whole log again, recomputes every issued statement from the facts at its cut, and says whether all hashes agree. ' +
        'On a data directory the seals of the log are checked first, by a reader that shares no code with the writer.',
    )
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExample:\n  attain verify --data .attain/demo')
    .action(async ({ json, ...target }: Target & { json?: boolean }) => {
      const log = target.data === undefined ? undefined : verifyLog(resolve(target.data));
      if (log && !json) {
        terminal.out(`${log.events} events in ${log.streams} streams, ${log.problems.length === 0 ? 'as they were sealed' : 'not as they were sealed:'}\n`);
        for (const { position, problem } of log.problems) terminal.out(`  ${position === undefined ? '' : `position ${position}: `}${problem}\n`);
        terminal.out(`  seal ${log.head.seal} at position ${log.head.position}\n`);
      }
      const report = await withApi(target, 'auditor', (api) => api.get<VerificationReport>('/verification'));
      if (json) terminal.out(`${JSON.stringify({ ...(log && { log }), ...report }, null, 2)}\n`);
      else terminal.out(told(report));
      if (!report.agrees || (log && log.problems.length > 0)) throw new Stop(exitCodes.no, '');
    });
}

function told({ events, position, periods, statements, discrepancies, agrees }: VerificationReport): string {
  const read = `${events} facts read up to position ${position}; ${statements} statements of ${periods} closed periods recomputed`;
  if (agrees) return `${read}: all hashes agree\n`;
  const rows = discrepancies.map(({ code, period, participant, issued, recomputed }) => [code, period, participant ?? '', issued ?? '', recomputed ?? '']);
  return `${read}: ${discrepancies.length} disagree\n${table(['code', 'period', 'participant', 'issued', 'recomputed'].map((title) => ({ title })), rows)}`;
}
