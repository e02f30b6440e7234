import type { z } from 'zod';

export type DocumentPath = readonly (string | number)[];

/** A problem of a document; `code` is `syntax`, `duplicate-key`, `unknown-key`, `missing`, `value`, `not-supported` or a checker's own. */
export interface PathProblem {
  readonly path: (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** The same, with its place in a file: lines and columns count from 1. */
export interface DocumentProblem extends PathProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `plans/ae.yaml:12:7: components[0].tiers[1].from: expected …` */
export function formatProblem({ file, line, column, path, message }: DocumentProblem): string {
  const place = formatPath(path);
  return `${file}:${line}:${column}: ${place === '' ? '' : `${place}: `}${message}`;
}

/** `components[0].tiers[1].from` */
export function formatPath(path: DocumentPath): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const plain = /^[\p{L}_][\p{L}\d_-]*$/u.test(key) ? key : JSON.stringify(key);
      return index === 0 ? plain : `.${plain}`;
    })
    .join('');
}

/** The problems that a schema found, one for each place; for a union, those of the intended branch. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], at: DocumentPath = []): PathProblem[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...(issue.path as (string | number)[])];
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.message
          .split('\n')
          .map((message, index) => ({ path: [...path, issue.keys[index]!], code: 'unknown-key', message }));
      case 'invalid_union':
        return unionProblems(issue, path);
      case 'invalid_key':
        return [{ path, code: 'value', message: issue.issues[0]?.message ?? issue.message }];
      default: {
        const missing = issue.message.startsWith('missing: ');
        return [{ path, code: missing ? 'missing' : 'value', message: issue.message }];
      }
    }
  });
}

function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: DocumentPath): PathProblem[] {
  const branches = issue.errors.map((errors) => problemsOf(errors, path));
  const meant = /^#(\d+)$/.exec(issue.message);
  if (meant) return branches[Number(meant[1])]!;
  if (issue.message !== 'Invalid input')
    return [
      {
        path: [...path],
        code: issue.message.includes('unknown key') ? 'unknown-key' : 'value',
        message: issue.message,
      },
    ];
  // A branch that failed inside the value has the right shape; the other branches only report a wrong shape.
  const inside = branches.filter((branch) => branch.some((problem) => problem.path.length > path.length));
  if (inside.length > 0) return inside.reduce((least, branch) => (branch.length < least.length ? branch : least));
  const messages = branches.flat().map(({ message }) => message);
  const wanted = messages
    .map((message) => /^(?:missing: )?expected ([^]*?)(?:, found [^]*)?$/.exec(message)?.[1])
    .filter((what) => what !== undefined && what !== '');
  const advice = messages.map((message) => /\(did you mean .*\)$/.exec(message)?.[0]).find((one) => one !== undefined);
  const found = messages
    .map((message) => /, found ((?:`[^]*?`|nothing|a list|a mapping))/.exec(message)?.[1])
    .find((one) => one !== undefined);
  const missing = messages.some((message) => message.startsWith('missing: '));
  if (wanted.length === 0) return [branches[0]![0]!];
  const all = [...new Set(wanted)].join(', or ');
  return [
    {
      path: [...path],
      code: missing ? 'missing' : 'value',
      message: `${missing ? 'missing: ' : ''}expected ${all}${found === undefined ? '' : `, found ${found}`}${advice === undefined ? '' : ` ${advice}`}`,
    },
  ];
}
