import { useSearch } from '@tanstack/react-router';

/** What every address of the page may carry, so that a link shows the same numbers to everybody who may see them. */
export interface Address {
  /** A day, which includes all of it, or an instant. */
  asOf?: string | undefined;
  /** True on that day. */
  effective?: string | undefined;
  period?: string | undefined;
  /** What the rows are grouped by. */
  by?: string | undefined;
  /** The kind of changes. */
  kind?: string | undefined;
  /** The status of deals. */
  status?: string | undefined;
}

export interface Cut {
  asOf?: string;
  effective?: string;
}

/** The cut of the whole page, for queries; empty means now. */
export function useCut(): Cut {
  const { asOf, effective } = useSearch({ strict: false }) as Address;
  return { ...(asOf === undefined ? {} : { asOf }), ...(effective === undefined ? {} : { effective }) };
}
