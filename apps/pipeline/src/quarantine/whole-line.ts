/** Column of a row that could not be cut into cells. */
export const WHOLE_LINE = 'line';
