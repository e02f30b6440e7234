import type { Anchor, CheckedAnchor } from './verify.answers.js';

export type { Anchor, CheckedAnchor } from './verify.answers.js';
/** Throws an Error for a text that is not an anchor, with the expected form. */
export function parseAnchor(text: string): Anchor {
  let parsed: Partial<Anchor> | null;
  try {
    parsed = JSON.parse(text) as Partial<Anchor> | null;
  } catch {
    throw new Error('an anchor is JSON, and this text is none');
  }
  if (parsed?.attain !== 1) throw new Error('the file is not an anchor: the key "attain" with the value 1 is missing');
  const { company = '', position, seal, events, at = '', reason = '' } = parsed;
  if (typeof position !== 'string' || !/^\d{1,19}$/.test(position))
    throw new Error(`position: expected digits as text, found ${JSON.stringify(position)}`);
  if (typeof seal !== 'string' || !/^[0-9a-f]{64}$/.test(seal))
    throw new Error(`seal: expected 64 hexadecimal digits, found ${JSON.stringify(seal)}`);
  if (typeof events !== 'number' || !Number.isSafeInteger(events) || events < 0)
    throw new Error(`events: expected a count, found ${JSON.stringify(events)}`);
  return { attain: 1, company, position, seal, events, at, reason };
}

/** The name of its file: in the order of the log, and of no other anchor. */
export function anchorFile({ position, seal }: Anchor): string {
  return `${position.padStart(19, '0')}-${seal.slice(0, 12)}.json`;
}

/** The log at the place of an anchor: its seal if an event is there, and the number of events up to there. */
export function checkAnchor(
  anchor: Anchor,
  log: { head: bigint; seal: string | undefined; events: number },
): CheckedAnchor {
  const found =
    BigInt(anchor.position) > log.head
      ? 'cut'
      : log.seal !== anchor.seal
        ? 'differs'
        : log.events !== anchor.events
          ? 'count'
          : 'agrees';
  return { ...anchor, found };
}
