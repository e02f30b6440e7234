import { getDealTimeline, listChanges } from '@attain/client';
import { Command, InvalidArgumentError } from 'commander';
import { answering, described } from './answering.js';
import type { Api } from './api.js';
import { columns, table, type Terminal } from './terminal.js';

/** One change: its actor, record, instant and reason. */
interface Change {
  readonly at: string;
  readonly by: string;
  readonly change: string;
  readonly of: string;
  /** For a change of a deal, its fields. */
  readonly fields?: readonly FieldChange[];
  readonly reason: string | null;
}
interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}
interface Changes {
  readonly rows: readonly Change[];
}
interface Narrowed {
  since?: string;
  by?: string;
  kind?: string;
  limit: number;
}

export function changesCommand(terminal: Terminal): Command {
  const command = described(
    'changes',
    'list who changed what, when and why',
    'Lists who changed what, when and why, the latest change first, with the value before and after. With a deal, it lists every change of the ' +
      'deal. Without a deal, it lists the changes over everybody, also those that were replaced since; of deals those that a person made. ' +
      'Administrators and auditors see the changes of users and keys.',
    ['attain changes --limit 10', 'attain changes crm:1MCE2AOV', 'attain changes --since 2020-01-31 --by user:fay'],
  )
    .argument('[deal]', 'a deal as SOURCE:ID, such as crm:1MCE2AOV', dealOf)
    .option('--since <date>', 'only changes from this date or instant on')
    .option('--by <actor>', 'only changes by this person or program, such as user:fay')
    .option('--kind <kind>', 'only changes of this kind, such as quotas, plans, people or deals')
    .option('--limit <n>', 'the most rows to show', countOf, 50);
  return answering<[Deal | undefined], Narrowed, Changes>(terminal, command, {
    ask: async (api, [deal], options) => ({
      rows: deal ? latest(await ofDeal(api, deal), options) : await ofAll(api, options),
    }),
    text: ({ rows }) =>
      rows.length === 0
        ? 'no recorded change matches\n'
        : table(columns(['at', 'by', 'change', 'of', 'reason']), rows.flatMap(linesOf)),
  });
}

/** One line for each field, because a deal may change many fields at once; a long value is shortened, `--json` prints it whole. */
function linesOf({ at, by, change, of, fields = [], reason }: Change): string[][] {
  const [first = of, ...others] = fields.map(({ field, before, after }) =>
    before === null ? `${field}: ${short(after)}` : `${field}: ${short(before)} → ${short(after)}`,
  );
  return [[at, by, change, first, reason ?? ''], ...others.map((other) => ['', '', '', other])];
}

const MOST_SHOWN = 40;

function short(value: unknown): string {
  const text = shown(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

interface Deal {
  readonly source: string;
  readonly id: string;
}

function dealOf(text: string): Deal {
  const at = text.indexOf(':');
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError(`Write a deal as SOURCE:ID, such as crm:1MCE2AOV.`);
  return { source: text.slice(0, at), id: text.slice(at + 1) };
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError('Write a whole number from 1 to 1000.');
  return count;
}

/** The newest rows that match. */
function latest(rows: readonly Change[], { since = '', by, limit }: Narrowed): Change[] {
  const fitting = rows.filter((row) => row.at >= since && (by === undefined || row.by === by));
  return fitting.toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0)).slice(0, limit);
}

async function ofDeal(api: Api, path: Deal): Promise<Change[]> {
  const all: Change[] = [];
  let cursor: string | undefined;
  do {
    const { rows, next } = await api.ask(getDealTimeline, { path, query: { cursor } });
    for (const { at, actor, type, changes, reason } of rows) {
      const fields = changes.map(({ field, before, after }) => `${field}: ${shown(before)} → ${shown(after)}`);
      all.push({ at, by: actor, change: type, of: fields.join('; '), fields: changes, reason });
    }
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return all;
}

const shown = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

/** Of everybody, as the server lists them. */
async function ofAll(api: Api, { since, by, kind, limit }: Narrowed): Promise<Change[]> {
  const { rows } = await api.ask(listChanges, {
    query: {
      limit,
      ...(since !== undefined && { atFrom: since }),
      ...(by !== undefined && { by: [by] }),
      ...(kind !== undefined && { kind: [kind] }),
    },
  });
  return rows.map(({ at, by: actor, type, object, before, after, reason }) => ({
    at,
    by: actor,
    change: worded(type),
    of: object,
    fields: [{ field: object, before, after }],
    reason,
  }));
}

/** `QuotaAssigned` as `quota assigned`. */
function worded(type: string): string {
  return type.replace(/(?<=.)([A-Z])/g, ' $1').toLowerCase();
}
