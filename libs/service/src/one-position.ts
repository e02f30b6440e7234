import { Turns } from '@attain/eventsourcing';

export type Others = Pick<Turns, 'next'>;

/** How often something is read in turns with other requests; the last time it is read in one go, because facts keep arriving. */
const READINGS = 4;
const nobody: Others = { next: async () => undefined };

/** A fact arrived while something was read. */
class Moved extends Error {}

/** What is read in turns with other requests, all of one position: it is read again where a fact arrives meanwhile. */
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
