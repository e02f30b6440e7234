/** The certainty of a guess; `stated` comes from the mapping. */
type Verdict = 'stated' | 'certain' | 'likely' | 'unused';

export interface ColumnGuess {
  readonly field: string | null;
  readonly verdict: Verdict;
  readonly reason: string;
}
export interface FormGuess {
  readonly key: 'delimiter' | 'encoding' | 'numbers' | 'dates' | 'strip' | 'status';
  readonly value: string;
  readonly verdict: Verdict;
  readonly reason: string;
}
