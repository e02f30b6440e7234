import { NoRoom } from '@attain/adapters';
import { BadConfig, masked, readConfig } from './config.js';
import { serve, type ServedModules, type ServeOptions } from './serve.js';

/**
 * `serve` as a process: prints all invalid settings at once and exits with 2. With `--check-config` it only prints the
 * settings, with masked secrets, and exits with 0 or 2.
 */
export async function main(
  modules: ServedModules,
  options: ServeOptions,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  // Its files may contain pay.
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

/** The effective settings as JSON with masked secrets; throws BadConfig. */
export function checked({ settings = {}, environment = process.env, topology = 'apart', demo }: ServeOptions): string {
  return JSON.stringify(masked(readConfig(settings, environment, { topology, demo: demo !== undefined })), null, 2);
}
