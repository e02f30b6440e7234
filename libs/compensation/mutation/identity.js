const SOURCES = 'libs/compensation/src/';

/** A path inside the sources, wherever the sandbox is. */
export const sourceFile = (path) => path.slice(path.lastIndexOf(SOURCES) + SOURCES.length);

/** A mutant as a line of text: the same in each run until its file changes. */
export function identity({ fileName, location: { start, end }, mutatorName, replacement }) {
  const place = `${sourceFile(fileName)}:${start.line}:${start.column}-${end.line}:${end.column}`;
  return [place, mutatorName, JSON.stringify(replacement)].join('\t');
}
