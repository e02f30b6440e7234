import { resolve } from 'node:path';
import { verifyLog } from '@attain/adapters';
import {
  type Anchor,
  type CheckedAnchor,
  readAnchor,
  type Unasked,
  type VerificationReport,
  wasAsked,
} from '@attain/incentives';
import { startVerification } from '@attain/client';
import type { ProcessComparison } from '@attain/service';
import { Command } from 'commander';
import { described } from './answering.js';
import { type Api, aimed, knownData, type Target, withApi } from './api.js';
import { exitCodes, progress, Stop, table, type Terminal } from './terminal.js';

interface Options extends Target {
  anchor?: string;
  json?: boolean;
  strict?: boolean;
}

export function verifyCommand(terminal: Terminal): Command {
  return aimed(
    described(
      'verify',
      'check the log, every issued statement, the read models and the anchors',
      'Reads the whole log again, recomputes every issued statement from the facts at its cut, and compares the read models with the log ' +
        'field by field, and the log with its anchors. On a data directory a reader that shares no code with the writer checks the seals of ' +
        'the log first. Where each service is a process of its own, each compares its own read models. It ends with 0 when everything it could ' +
        'check agrees, with 1 when something does not, with 4 when a service did not compare its read models, and with 3 under --strict when ' +
        'there was no anchor.',
      ['attain verify --data .attain/demo', 'attain verify --data .attain/demo --anchor anchor.json'],
    ),
  )
    .option('--anchor <file>', 'an anchor that you kept elsewhere; the anchors beside the data are compared anyway')
    .option('--strict', 'exit with 3 when there was no anchor to compare the log with')
    .option('--json', 'print the report as JSON')
    .action(async ({ json, strict, anchor: file, ...target }: Options) => {
      const anchor = file === undefined ? undefined : await given(file);
      if (target.data !== undefined) knownData(target.data);
      const log =
        target.data === undefined
          ? undefined
          : verifyLog(resolve(target.data), anchor && anchor.position !== '0' ? [anchor] : []);
      if (log && !json) {
        terminal.out(
          `${log.events} events in ${log.streams} streams: ${log.problems.length === 0 ? 'every seal agrees' : 'the log was changed after it was sealed:'}\n`,
        );
        for (const { position, problem } of log.problems)
          terminal.out(`  ${position === undefined ? '' : `position ${position}: `}${problem}\n`);
        terminal.out(`  seal ${log.head.seal} at position ${log.head.position}\n`);
      }
      const body = { ...(anchor && { anchor: JSON.stringify(anchor) }) };
      // Models that do not follow from the log answer nothing else, and are compared nevertheless.
      const report = await withApi(
        target,
        'auditor',
        async (api) => {
          await api.served?.caughtUp(600_000).catch(() => undefined);
          return verified(api, body, terminal);
        },
        { keeping: true },
      );
      if (json) terminal.out(`${JSON.stringify({ ...(log && { log }), ...report }, null, 2)}\n`);
      else terminal.out(asText(report));
      if (!report.agrees || (log && log.problems.length > 0))
        throw new Stop(exitCodes.no, '', {
          code: 'DISAGREES',
          detail: 'something does not agree with the log: see the report',
        });
      const unasked = report.others.filter((other) => !wasAsked(other)).map(({ process }) => process);
      if (unasked.length > 0)
        throw new Stop(exitCodes.unreachable, `not verified: the read models of ${unasked.join(', ')}`);
      if (strict && report.anchors.length === 0)
        throw new Stop(exitCodes.strict, '', {
          code: 'NO_ANCHOR',
          detail: 'there was no anchor to compare the log with',
        });
    });
}

async function verified(api: Api, body: { anchor?: string }, terminal: Terminal): Promise<VerificationReport> {
  const { id } = await api.ask(startVerification, { body });
  const bar = progress(terminal, 'Verifying');
  return api.follow<VerificationReport>(id, bar).finally(() => bar.stop());
}

async function given(file: string): Promise<Anchor> {
  try {
    return (await readAnchor(file)).anchor;
  } catch (error) {
    throw new Stop(
      exitCodes.usage,
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? `the anchor ${file} does not exist`
        : (error as Error).message,
    );
  }
}

function asText(report: VerificationReport): string {
  return [
    statementsText(report),
    modelsText(report),
    ...report.others.map(otherText),
    anchorsText(report.anchors),
    'not checked:\n',
    ...report.unchecked.map((line) => `  ${line}\n`),
  ].join('');
}

function statementsText({ events, position, periods, statements, discrepancies }: VerificationReport): string {
  const read = `${events} facts read up to position ${position}; ${statements} statements of ${periods} closed periods recomputed`;
  if (discrepancies.length === 0) return `${read}: all hashes agree\n`;
  const rows = discrepancies.map(({ code, period, participant, issued, recomputed }) => [
    code,
    period,
    participant ?? '',
    issued ?? '',
    recomputed ?? '',
  ]);
  return `${read}: ${discrepancies.length} disagree\n${table(
    ['code', 'period', 'participant', 'issued', 'recomputed'].map((title) => ({ title })),
    rows,
  )}`;
}

function otherText(other: ProcessComparison | Unasked): string {
  return wasAsked(other)
    ? modelsText({ ...other, elsewhere: true })
    : `${other.process}: did not compare its read models\n`;
}

function modelsText({
  process,
  elsewhere,
  models,
}: Pick<VerificationReport, 'process' | 'elsewhere' | 'models'>): string {
  const documents = models.reduce((sum, model) => sum + model.documents, 0);
  const rows = models.flatMap(({ model, differences }) =>
    differences.map(({ code, key, fields }) => [model, code, key ?? '', fields.join(', ')]),
  );
  const read = `${elsewhere ? `${process}: ` : ''}${documents} documents of ${models.length} read models computed again`;
  const rebuild = `attain models rebuild MODEL${elsewhere ? ` --service ${process}` : ''}`;
  if (rows.length === 0) return `${read}: all fields agree\n`;
  return `${read}: ${rows.length} disagree; build the models again with ${rebuild}\n${table(
    ['model', 'code', 'document', 'fields'].map((title) => ({ title })),
    rows,
  )}`;
}

const found: Readonly<Record<CheckedAnchor['found'], string>> = {
  agrees: 'agrees',
  cut: 'the log ends before it: its tail was cut off',
  differs: 'the log has another event, or another past, at its place',
  count: 'the log has another number of events before it',
};

function anchorsText(anchors: readonly CheckedAnchor[]): string {
  if (anchors.length === 0) return '';
  const rows = anchors.map((anchor) => [anchor.position, anchor.at, anchor.reason, found[anchor.found]]);
  return table(
    ['anchor', 'written', 'reason', 'log'].map((title) => ({ title })),
    rows,
  );
}
