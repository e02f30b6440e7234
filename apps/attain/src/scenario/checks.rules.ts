import type { ScenarioExpectation, StatementLine } from '@attain/contracts';
import { Exact } from '@attain/values';
import { inTheMannerOf, meets } from './comparison.rules.js';

/** An expected value and the actual one. */
export interface Failure {
  path: (string | number)[];
  expected: string;
  actual: string;
}
/** `D1`, or `erp:D1` where several sources have one. */
export function names(written: string, record: { source: string; id: string } | null): boolean {
  return record !== null && (written === record.id || written === `${record.source}:${record.id}`);
}

type ExpectedLine = NonNullable<Extract<ScenarioExpectation, { kind: 'statement' }>['lines']>[number];

/** Compares the results with the expected values, and collects the failures with their places. */
export class Checks {
  readonly failures: Failure[] = [];

  constructor(private readonly place: (string | number)[]) {}

  fail(what: string, expected: string, actual: string, path: (string | number)[] = [what]): void {
    this.failures.push({ path: [...this.place, ...path], expected: `${what} ${expected}`, actual });
  }

  number(what: string, written: string | undefined, actual: Exact | null, path: (string | number)[] = [what]): void {
    if (written === undefined || meets(written, actual)) return;
    this.fail(what, written, inTheMannerOf(written, actual), path);
  }

  text(what: string, written: string | undefined, actual: string, path: (string | number)[] = [what]): void {
    if (written !== undefined && written !== actual) this.fail(what, written, actual, path);
  }

  record(written: string | undefined, record: { source: string; id: string } | null, path: (string | number)[]): void {
    if (written !== undefined && !names(written, record))
      this.fail(path.slice(-3).join('.'), written, record?.id ?? 'no record', path);
  }

  count(what: string, expected: number, actual: string[]): void {
    if (expected !== actual.length)
      this.fail(what, `${expected} of them`, `${actual.length}${actual.length > 0 ? `: ${actual.join(', ')}` : ''}`);
  }

  /** In order, and complete but for lines of 0; an expected line of 0 must be there. */
  lines(expected: readonly ExpectedLine[], lines: readonly StatementLine[], amount: 'payable' | 'earned'): void {
    const isZero = (line: StatementLine | undefined) => line !== undefined && Exact.parse(line[amount]).isZero();
    let at = 0;
    expected.forEach((line, index) => {
      const wantsZero = line.amount !== undefined && Exact.parse(line.amount).isZero();
      while (!wantsZero && isZero(lines[at])) at += 1;
      const actual = lines[at];
      at += 1;
      if (actual === undefined) this.fail(`lines.${index}`, lineTold(line), 'no such line', ['lines', index]);
      else this.line(line, actual, actual[amount], ['lines', index]);
    });
    for (const more of lines.slice(at)) {
      if (!isZero(more)) this.fail('lines', 'no further line', `${more.kind} ${more.record?.id ?? ''} ${more[amount]}`);
    }
  }

  private line(expected: ExpectedLine, actual: StatementLine, amount: string, path: (string | number)[]): void {
    const at = (key: string) => [...path, key];
    const label = (key: string) => `${path.join('.')}.${key}`.replace(/^.*(lines)/, '$1');
    const number = (key: 'credited' | 'rate', value: string | null) =>
      this.number(label(key), expected[key], value === null ? null : Exact.parse(value), at(key));
    this.text(label('kind'), expected.kind, actual.kind, at('kind'));
    this.text(label('component'), expected.component, actual.component, at('component'));
    this.text(label('for'), expected.for, actual.for ?? 'no other period', at('for'));
    this.record(expected.deal ?? expected.invoice, actual.record, at(expected.deal === undefined ? 'invoice' : 'deal'));
    this.record(expected.causedBy, actual.causedBy, at('causedBy'));
    if (expected.cause !== actual.cause?.event)
      this.text(label('cause'), expected.cause, actual.cause?.kind ?? 'no cause', at('cause'));
    this.number(label('amount'), expected.amount, Exact.parse(amount), at('amount'));
    number('credited', actual.credited);
    number('rate', actual.rate);
    if (expected.slices === undefined) return;
    const { slices } = actual.trace;
    if (slices.length !== expected.slices.length) {
      this.fail(
        label('slices'),
        `${expected.slices.length} of them`,
        `${slices.length}: ${slices.map((slice) => `${slice.credited} @ ${slice.rate}`).join(', ')}`,
        at('slices'),
      );
    }
    expected.slices.forEach((slice, index) => {
      for (const key of ['credited', 'rate', 'amount', 'adds'] as const) {
        const value = slices[index]?.[key];
        if (value !== undefined)
          this.number(`${label('slices')}.${index}.${key}`, slice[key], value === null ? null : Exact.parse(value), [
            ...at('slices'),
            index,
            key,
          ]);
      }
    });
  }
}

function lineTold(line: ExpectedLine): string {
  return Object.entries(line)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : '…'}`)
    .join(', ');
}
