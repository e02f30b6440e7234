/** The cells of a record with quotation marks, the line ends in them and where it ends; `open` when it does not end here. */
export function quotedRecord(
  text: string,
  start: number,
  delimiter: string,
  maxColumns: number,
): { cells: string[]; end: number; lines: number } | { message: string } | 'open' {
  const cells: string[] = [];
  let at = start;
  let lines = 0;
  for (;;) {
    if (text[at] !== '"') {
      const end = endOfCell(text, at, delimiter);
      const cell = text.slice(at, text[end] === '\n' && text[end - 1] === '\r' && end > at ? end - 1 : end);
      if (cell.includes('"'))
        return {
          message: `a quotation mark inside cell ${cells.length + 1}: a cell that holds one begins and ends with one, and doubles it inside`,
        };
      cells.push(cell);
      at = end;
    } else {
      let close = text.indexOf('"', at + 1);
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      if (close < 0) return 'open';
      const cell = text.slice(at + 1, close);
      for (let end = cell.indexOf('\n'); end >= 0; end = cell.indexOf('\n', end + 1)) lines += 1;
      cells.push(cell.includes('""') ? cell.replaceAll('""', '"') : cell);
      at = close + 1;
      if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
      if (text[at] !== delimiter && text[at] !== '\n')
        return { message: `text after the closing quotation mark of cell ${cells.length}` };
    }
    if (cells.length > maxColumns || text[at] === '\n')
      return { cells, end: text[at] === '\n' ? at : text.indexOf('\n', at), lines };
    at += 1;
  }
}

function endOfCell(text: string, from: number, delimiter: string): number {
  for (let at = from; ; at += 1) if (text[at] === delimiter || text[at] === '\n') return at;
}
