import { NoRoom } from '@attain/adapters';
import { BadConfig, masked, readConfig } from './config.js';
import { serve, type ServedModules, type ServeOptions } from './serve.js';

/**
 * `serve` as a process: wrong settings are told all at once and end it with 2; with `--check-config` among the arguments it
 * only prints the settings, secrets masked, and ends with 0 or 2.
 */
export async function main(
  modules: ServedModules,
  options: ServeOptions,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  // Whatever it writes may be pay.
  process.umask(0o077);
  try {
    if (args.includes('--check-config')) console.log(checked(options));
    else await serve(modules, options);
  } catch (error) {
    if (error instanceof NoRoom) {
      console.error(error.message);
      process.exitCode = 5;
      return;
    }
    if (!(error instanceof BadConfig)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

/** The settings as they would hold, as JSON with secrets masked; throws BadConfig. */
export function checked({ settings = {}, environment = process.env, topology = 'apart', demo }: ServeOptions): string {
  return JSON.stringify(masked(readConfig(settings, environment, { topology, demo: demo !== undefined })), null, 2);
}
