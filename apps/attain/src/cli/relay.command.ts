import { BadConfig, serveRelay } from '@attain/service';
import { Command } from 'commander';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function relayCommand(terminal: Terminal): Command {
  return new Command('relay')
    .summary('bring events from the store to the bus')
    .description(
      'Where the services run as processes of their own: publishes what the event store (EVENTS_URL) appends to the bus (BUS_URL) and ' +
        'keeps its place beside the read models (MODELS_URL). Says how far it is at /health/ready and /metrics of PORT.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  EVENTS_URL=esdb://store:2113 BUS_URL=kafka://bus:9092 MODELS_URL=mongodb://models/attain attain relay',
    )
    .action(async () => {
      try {
        const { url } = await serveRelay();
        terminal.err(`The relay tells how far it is at ${url}/health/ready\n`);
      } catch (error) {
        if (error instanceof BadConfig) throw new Stop(exitCodes.usage, error.message);
        throw error;
      }
    });
}
