import { resolve } from 'node:path';
import { DirectoryInUse } from '@attain/adapters';
import { createInstance, EVENT_STORE, HISTORY } from '@attain/service';
import { Command } from 'commander';
import { services } from '../modules.js';
import { knownData } from './api.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function replayCommand(terminal: Terminal): Command {
  return new Command('replay')
    .summary('rebuild the read models from the log')
    .description(
      'Builds the read models of a data directory anew from its log, which is only read; users stay. No server may have it open.',
    )
    .requiredOption('--data <dir>', 'the data directory')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExample:\n  attain replay --data .attain/demo')
    .action(async ({ data, json }: { data: string; json?: boolean }) => {
      const directory = resolve(data);
      knownData(data);
      const begun = performance.now();
      const instance = await createInstance(services, {
        urls: { events: `sqlite:${directory}` },
        rebuild: true,
        logLevel: 'error',
      }).catch((error: unknown) => {
        throw error instanceof DirectoryInUse ? new Stop(exitCodes.no, error.message) : error;
      });
      try {
        await instance.caughtUp(3_600_000);
        const seconds = (performance.now() - begun) / 1000;
        const events = String(await instance.get(EVENT_STORE).head());
        const { name } = instance.get(HISTORY).company();
        if (json) terminal.out(`${JSON.stringify({ data, company: name, events, seconds }, null, 2)}\n`);
        else terminal.out(`${events} events replayed into new read models in ${seconds.toFixed(1)} s\n`);
      } finally {
        await instance.close();
      }
    });
}
