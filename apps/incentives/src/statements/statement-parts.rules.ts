import {
  type EventOf,
  HASH_RULE,
  type statementContinued,
  statementHash,
  type StatementList,
  statementLists,
  type StatementPart,
  type statementIssued,
  type StoredStatement,
  withoutTraces,
} from '@attain/contracts';

export type StatementIssued = EventOf<typeof statementIssued>;
export type StatementContinued = EventOf<typeof statementContinued>;
/** The content of a statement's stream: the first part, and the others in order. */
export type StatementEvent = StatementIssued | StatementContinued;
/** The parts of a statement that are stored so far. */
export type Parts = readonly StatementEvent[];

/** Bytes of the data of one event: with its metadata it stays below 256 KiB. */
export const LARGEST_PART = 240 * 1024;
/** Parts of one append: EventStoreDB accepts 1 MiB unless configured otherwise. */
export const PARTS_AT_ONCE = 4;

/**
 * The events that issue a statement: totals, hash and the beginning of its lists in the first, the rest behind it in the order of
 * `statementLists`. An entry of a list that is larger than a part has a part of its own.
 */
export function partsOf(statement: StoredStatement, engine: string, largest = LARGEST_PART): StatementEvent[] {
  const stored = withoutTraces(statement);
  const { participant, period } = stored;
  const hash = statementHash(stored);
  const begun = { ...stored, ...emptyLists((name) => stored[name] !== undefined) };
  const first = {
    participant,
    period,
    parts: Number.MAX_SAFE_INTEGER,
    statement: begun,
    hash,
    hashRule: HASH_RULE,
    engine,
  };
  const room =
    largest - bytesOf({ participant, period, part: Number.MAX_SAFE_INTEGER, hash, statement: emptyLists(() => true) });
  const contents: StatementPart[] = [];
  let left = largest - bytesOf(first);
  let current: StatementPart = begun;
  for (const name of statementLists) {
    for (const entry of stored[name] ?? []) {
      // A comma follows each entry.
      const size = bytesOf(entry) + 1;
      if (size > left) {
        contents.push((current = {}));
        left = room;
      }
      listOf(current, name).push(entry);
      left -= size;
    }
  }
  return [
    { type: 'StatementIssued', data: { ...first, parts: contents.length + 1 } },
    ...contents.map((content, at): StatementContinued => ({
      type: 'StatementContinued',
      data: { participant, period, part: at + 2, hash, statement: content },
    })),
  ];
}

/** The parts with the next one. A first part starts again, because an incomplete statement was not issued. */
export function withPart(parts: Parts, event: StatementEvent): Parts {
  if (event.type === 'StatementIssued') return [event];
  const { participant, period, part, hash } = event.data;
  const first = parts[0];
  if (first?.type !== 'StatementIssued' || isWhole(parts) || part !== parts.length + 1 || hash !== first.data.hash) {
    throw new Error(
      `part ${part} of the statement of ${participant} for ${period} does not follow the ${parts.length} parts before it`,
    );
  }
  return [...parts, event];
}

export function isWhole(parts: Parts): parts is readonly [StatementIssued, ...StatementContinued[]] {
  return parts[0]?.type === 'StatementIssued' && parts.length === parts[0].data.parts;
}

/** The statement that its parts make together. */
export function joined([first, ...others]: readonly [StatementIssued, ...StatementContinued[]]): StoredStatement {
  if (others.length === 0) return first.data.statement;
  const statement = { ...first.data.statement };
  for (const name of statementLists) {
    if (statement[name] !== undefined)
      Object.assign(statement, {
        [name]: [statement[name], ...others.map(({ data }) => data.statement[name] ?? [])].flat(),
      });
  }
  return statement;
}

function emptyLists(
  has: (name: StatementList) => boolean,
): Pick<StoredStatement, 'components' | 'lines' | 'exceptions'> & StatementPart {
  return Object.fromEntries(statementLists.filter(has).map((name) => [name, []])) as unknown as ReturnType<
    typeof emptyLists
  >;
}

function listOf(part: StatementPart, name: StatementList): unknown[] {
  return (part[name] ??= []);
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
