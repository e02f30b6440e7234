/**
 * The version of the rules that compute pay from facts. An issued statement names the version that computed it. Raise
 * it with each change that gives another line from the same facts.
 */
export const engineVersion = '1';
