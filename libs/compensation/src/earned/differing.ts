import type { LocalDate } from '@attain/values';
import { ColumnLines } from './column-lines.js';
import { CutLines } from './cut-columns.js';
import { FollowedLines, type Line, type Lines } from './lines.js';

/** The lines that one side has and the other has not. A line of equal amount may be on both sides. */
export interface Differing {
  readonly gone: readonly Line[];
  readonly come: readonly Line[];
}

/** Compares two computations of one component, of lines dated up to a day. Without `few` it returns all lines of both. */
export function differing(before: Lines, after: Lines, to: LocalDate, few: boolean): Differing {
  if (few && before instanceof ColumnLines && after instanceof ColumnLines) {
    const found = after.differing(before, to);
    if (found !== null) return found;
  }
  if (few && before instanceof CutLines && after instanceof CutLines) {
    const found = after.own.differing(before.own, to);
    if (found !== null)
      return {
        gone: [...found.gone, ...before.changes(undefined, to)],
        come: [...found.come, ...after.changes(undefined, to)],
      };
  }
  if (few && before instanceof FollowedLines && after instanceof FollowedLines) {
    const [own, followers] = [
      differing(before.own, after.own, to, few),
      differing(before.followers, after.followers, to, few),
    ];
    return { gone: [...own.gone, ...followers.gone], come: [...own.come, ...followers.come] };
  }
  const [old, now] = [before.between(undefined, to), after.between(undefined, to)];
  if (!few) return { gone: old, come: now };
  const [known, kept] = [new Set(old), new Set(now)];
  return { gone: old.filter((line) => !kept.has(line)), come: now.filter((line) => !known.has(line)) };
}
