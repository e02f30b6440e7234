import { nearest } from '../documents/nearest.js';

/** Which columns a file must and may have. */
export interface HeaderRule {
  readonly required?: readonly string[];
  /** Without a list any other column may be there. */
  readonly optional?: readonly string[];
}

/** What is wrong with a header, a message for each column. */
export function headerProblems(
  columns: readonly string[],
  { required = [], optional }: HeaderRule,
  delimiter: string,
): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const known = [...required, ...(optional ?? [])];
  for (const [index, column] of columns.entries()) {
    if (column === '') problems.push(`column ${index + 1} has no name`);
    else if (column.includes('\r')) problems.push('lines end in CR alone: save the file with LF or CRLF');
    else if (seen.has(column)) problems.push(`the column ${JSON.stringify(column)} stands twice`);
    else if (optional !== undefined && !known.includes(column))
      problems.push(`unknown column ${JSON.stringify(column)}${near(column, known)}`);
    seen.add(column);
  }
  const missing = required.filter((column) => !seen.has(column));
  for (const column of missing)
    problems.push(
      `the column ${JSON.stringify(column)} is missing${near(
        column,
        columns.filter((one) => !known.includes(one)),
      )}`,
    );
  const other =
    columns.length === 1 && required.length > 1
      ? [',', ';', '\t', '|'].find((mark) => mark !== delimiter && columns[0]!.includes(mark))
      : undefined;
  if (missing.length > 0 && other !== undefined)
    return [
      `the columns seem to be separated by ${other === '\t' ? 'tabs' : `\`${other}\``}, not by ${delimiter === '\t' ? 'tabs' : `\`${delimiter}\``}`,
    ];
  return problems;
}

function near(column: string, known: readonly string[]): string {
  const name = nearest(column, known);
  return name === undefined ? '' : ` (did you mean ${JSON.stringify(name)}?)`;
}
