import { type Context, Refused } from '@attain/eventsourcing';
import { answerTo, Malformed } from '../problem.js';
import type { HandedProblem } from '../handover/handed-problem.js';

/** The kinds of handover by which the import of a folder asks planning and incentives. */
export const FOLDER_ROWS = 'planning.rows';
export const FOLDER_COMPANY = 'planning.company';
export const FOLDER_PLANS = 'incentives.plans';

export type FolderKind = 'tables' | 'people' | 'relations' | 'rates' | 'quotas' | 'objectives' | 'leaves' | 'scores';
/** Rows of one kind. If the order is repeated, only changes are recorded. */
export interface RowsOrder {
  readonly kind: FolderKind;
  readonly rows: readonly unknown[];
  /** Whether the rows are texts of an export, each of which is parsed by itself. */
  readonly texts: boolean;
  /** The source of the export, if there is one. */
  readonly source?: string;
  /** Whether the rows are complete, so that missing ones are retracted. */
  readonly complete: boolean;
  /** Whether records that somebody entered by hand are kept, and listed. */
  readonly keepEntered: boolean;
  readonly context: Context;
}
export interface KeptRow {
  /** Index of the first row about it; -1 if no row is. */
  readonly at: number;
  readonly id: string;
  readonly key: string;
  readonly by: string;
  readonly since: string;
  readonly reason: string | null;
  readonly instead: unknown;
}
/** Counts of streams, and the indexes of refused and kept rows. */
export interface RowsAnswer {
  readonly changed: number;
  readonly unchanged: number;
  readonly retracted: number;
  readonly refused: readonly { readonly at: number; readonly problem: HandedProblem }[];
  readonly kept: readonly KeptRow[];
  readonly position: string;
}

export interface CompanyOrder {
  readonly document: Readonly<Record<string, unknown>>;
  readonly keepEntered: boolean;
  /** The quotas and plans that the same import replaces; versions that stay, or null if none is retracted. */
  readonly replacing: {
    readonly quotas: boolean;
    readonly plans: readonly { readonly plan: string; readonly version: string }[] | null;
  };
  readonly context: Context;
}
export interface CompanyAnswer {
  readonly changed: boolean;
}

export interface PlansOrder {
  readonly plans: readonly Readonly<Record<string, unknown>>[];
  readonly keepEntered: boolean;
  /** Whether the caller may publish plans; unchanged plans need no right. */
  readonly mayPublish: boolean;
  readonly context: Context;
}
export interface PlansAnswer {
  /** In the order of the plans. */
  readonly plans: readonly {
    readonly state: 'published' | 'unchanged' | 'refused' | 'forbidden';
    readonly problem?: HandedProblem;
  }[];
  /** Versions that are no longer in the folder. */
  readonly gone: readonly {
    readonly plan: string;
    readonly version: string;
    readonly state: 'retracted' | 'kept' | 'refused' | 'forbidden';
    readonly problem?: HandedProblem;
  }[];
}

/** The refusal in an error; rethrows an unexpected error. */
export function refusalIn(error: unknown): HandedProblem {
  if (!(error instanceof Refused || error instanceof Malformed)) throw error;
  const { code, detail, errors, about } = answerTo(error);
  return { code, detail, ...(errors && { errors }), ...(about && { about }) };
}
