import { Refused } from '@attain/client';
import type { OpenException } from '@attain/incentives';
import { exitCodes, Stop } from './terminal.js';

/** The server answered with an error. */
export class Answered extends Stop {
  constructor(
    readonly status: number,
    { problem }: Refused,
    hint = '',
  ) {
    super(
      status === 401 || status === 403 || status >= 500 ? exitCodes.unreachable : exitCodes.no,
      [...linesOf(status, problem), ...(hint === '' ? [] : [hint])].join('\n'),
      { ...problem, status, ...(hint !== '' && { hint }) },
    );
  }
}

function linesOf(status: number, problem: Refused['problem']): string[] {
  const { examples = [], problems = [], exceptions = [], uses = [] } = (problem.about ?? {}) as RefusedFor;
  return [
    `${problem.code ?? status}: ${problem.detail ?? `the server answered with the status ${status} and no reason`}`,
    ...(problem.errors ?? []).map(({ field, message }) => `  ${field}: ${message}`),
    ...problems.map(({ path, message }) => `  ${path.join('.')}: ${message}`),
    ...examples.flatMap(({ name, failures }) =>
      failures.map(({ expected, actual }) => `  example “${name}”: expected ${expected}, found ${actual}`),
    ),
    ...exceptions.map(
      ({ code, period, participant, component, detail }) =>
        `  ${code}: ${component} for ${participant} in ${period}: ${detail}`,
    ),
    ...uses.map((use) => `  ${use}`),
  ];
}

/** The details of a refusal, beside its message. */
interface RefusedFor {
  exceptions?: OpenException[];
  uses?: string[];
  problems?: { path: (string | number)[]; message: string }[];
  examples?: { name: string; failures: { expected: string; actual: string }[] }[];
}
