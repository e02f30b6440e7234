import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DirectoryInUse } from '@attain/adapters';
import { createInstance, EVENT_STORE, HISTORY } from '@attain/service';
import { Command } from 'commander';
import { services } from '../modules.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function replayCommand(terminal: Terminal): Command {
  return new Command('replay')
    .summary('rebuild the read models from the log')
    .description('Throws the read models of a data directory away and builds them again from its log. The log is only read; no server may have it open.')
    .requiredOption('--data <dir>', 'the data directory')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExample:\n  attain replay --data .attain/demo')
    .action(async ({ data, json }: { data: string; json?: boolean }) => {
      const directory = resolve(data);
      if (!existsSync(join(directory, 'events.db'))) throw new Stop(exitCodes.no, `${data} holds no event log`);
      const urls = { events: `sqlite:${directory}`, models: `sqlite:${directory}` };
      const open = () =>
        createInstance(services, { urls, logLevel: 'error' }).catch((error: unknown) => {
          throw error instanceof DirectoryInUse ? new Stop(exitCodes.no, error.message) : error;
        });
      // Opened and closed once, so that nobody else has it when the models go.
      await (await open()).close();
      for (const end of ['', '-wal', '-shm']) await rm(join(directory, `models.db${end}`), { force: true });
      const begun = performance.now();
      const instance = await open();
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
