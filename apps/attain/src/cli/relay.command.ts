import { BadConfig, serveRelay } from '@attain/service';
import { Command } from 'commander';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function relayCommand(terminal: Terminal): Command {
  return new Command('relay')
    .summary('bring events from the store to the bus')
    .description(
      'Publishes events from the event store (EVENTS_URL) on the bus (BUS_URL), in order. Run it once, if each service is a process of its own. ' +
        'It stores its position beside the read models (MODELS_URL), and reports progress at /health/ready and /metrics of PORT.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  EVENTS_URL=esdb://store:2113 BUS_URL=kafka://bus:9092?tls=true MODELS_URL=mongodb://models/attain?tls=true attain relay',
    )
    .action(async () => {
      try {
        const { url } = await serveRelay();
        terminal.err(`The relay shows its progress at ${url}/health/ready\n`);
      } catch (error) {
        if (error instanceof BadConfig) throw new Stop(exitCodes.usage, error.message);
        throw error;
      }
    });
}
