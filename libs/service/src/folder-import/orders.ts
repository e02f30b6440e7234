import { type Context, Refused } from '@attain/eventsourcing';
import { answerTo, Malformed } from '../problem.js';
import type { HandedProblem } from '../handover/handed-problem.js';

/** What the import of a folder asks of planning and incentives; each is the kind of a handover. */
export const FOLDER_ROWS = 'planning.rows';
export const FOLDER_COMPANY = 'planning.company';
export const FOLDER_PLANS = 'incentives.plans';

export type FolderKind = 'tables' | 'people' | 'relations' | 'rates' | 'quotas' | 'objectives' | 'leaves' | 'scores';
/** Rows of one kind. Told again, only what changed is recorded. */
export interface RowsOrder {
  readonly kind: FolderKind;
  readonly rows: readonly unknown[];
  /** They are texts that an export says, and each is read by itself. */
  readonly texts: boolean;
  /** Whose export says so, where one does. */
  readonly source?: string;
  /** The rows are all there is: what they do not name is retracted. */
  readonly complete: boolean;
  /** What somebody entered by hand stays, and is listed. */
  readonly keepEntered: boolean;
  readonly context: Context;
}
export interface KeptRow {
  /** Index of the first row that speaks of it; -1 where none does any more. */
  readonly at: number;
  readonly id: string;
  readonly key: string;
  readonly by: string;
  readonly since: string;
  readonly reason: string | null;
  readonly instead: unknown;
}
/** Counts of streams, and the rows behind what was refused or kept, by index. */
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
  /** What the same import says of quotas and plans, which then holds nothing back: the versions that stay, null where none is retracted. */
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
  /** Whether the caller may publish; what stands just so needs no right to. */
  readonly mayPublish: boolean;
  readonly context: Context;
}
export interface PlansAnswer {
  /** In the order of the plans. */
  readonly plans: readonly {
    readonly state: 'published' | 'unchanged' | 'refused' | 'forbidden';
    readonly problem?: HandedProblem;
  }[];
  /** Versions that the folder no longer has. */
  readonly gone: readonly {
    readonly plan: string;
    readonly version: string;
    readonly state: 'retracted' | 'kept' | 'refused' | 'forbidden';
    readonly problem?: HandedProblem;
  }[];
}

/** What a command found wrong; anything unexpected goes on up. */
export function refusalIn(error: unknown): HandedProblem {
  if (!(error instanceof Refused || error instanceof Malformed)) throw error;
  const { code, detail, errors, about } = answerTo(error);
  return { code, detail, ...(errors && { errors }), ...(about && { about }) };
}
