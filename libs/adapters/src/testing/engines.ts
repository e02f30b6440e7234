import { it } from '@jest/globals';
import { getContainerRuntimeClient } from 'testcontainers';

export type EngineVariable =
  | 'TEST_EVENTS_URL'
  | 'TEST_BUS_URL'
  | 'TEST_BUS_TLS_URL'
  | 'TEST_BUS_SASL_URL'
  | 'TEST_MODELS_URL'
  | 'TEST_MODELS_TLS_URL';

/** A started container, and the address of its engine. */
export interface StartedEngine {
  url: string;
  stop(): Promise<void>;
}

/**
 * The engine of a suite: at the URL of the variable, else in a container if Docker answers. Undefined without
 * both: then one test reports by name that the suite was skipped, and fails if REQUIRE_ENGINES is 1.
 */
export async function engineFor(
  suite: string,
  variable: EngineVariable,
  start?: () => Promise<StartedEngine>,
): Promise<StartedEngine | undefined> {
  const url = process.env[variable];
  if (url) return { url, stop: async () => undefined };
  if (start && (await dockerAnswers())) return start();
  const why = `${suite}: skipped, since ${variable} is not set and no Docker answers`;
  if (process.env.REQUIRE_ENGINES === '1') {
    it(why, () => {
      throw new Error(`${variable} is required by REQUIRE_ENGINES=1`);
    });
  } else it.skip(why, () => undefined);
  return undefined;
}

async function dockerAnswers(): Promise<boolean> {
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}
