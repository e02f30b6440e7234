import { Turns } from '@attain/eventsourcing';

export type Others = Pick<Turns, 'next'>;

/**
 * The number of attempts to read in turns with other requests; the last attempt reads without interruption, because
 * facts keep arriving.
 */
const READINGS = 4;
const nobody: Others = { next: async () => undefined };

/** A fact arrived during the reading. */
class Moved extends Error {}

/** Reads in turns with other requests, all at one position; if a fact arrives meanwhile, it reads again. */
export async function ofOnePosition<Result>(
  history: { readonly head: bigint },
  read: (others: Others) => Promise<Result>,
): Promise<Result> {
  for (let reading = 1; ; reading += 1) {
    const { head } = history;
    const turns = new Turns();
    const next = async () => {
      await turns.next();
      if (history.head !== head) throw new Moved();
    };
    try {
      const result = await read(reading < READINGS ? { next } : nobody);
      if (history.head === head) return result;
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
    }
  }
}
