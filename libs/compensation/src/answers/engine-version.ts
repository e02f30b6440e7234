/**
 * The version of the rules by which pay follows from facts; an issued statement names the one that computed it. Raise it with each change
 * that gives another line from the same facts.
 */
export const engineVersion = '1';
