/** Decodes UTF-8, or reports the place of a broken character: line and column count from 1, columns in bytes. */
export function readUtf8(bytes: Uint8Array): { text: string } | { line: number; column: number; message: string } {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { line: 1, column: 1, message: 'the file is UTF-16: save it as UTF-8' };
  const broken = firstBroken(bytes);
  if (broken === undefined) return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
  const start = bytes.lastIndexOf(10, broken - 1) + 1;
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < start; at = bytes.indexOf(10, at + 1)) line += 1;
  const byte = bytes[broken]?.toString(16).toUpperCase().padStart(2, '0') ?? 'the end';
  return { line, column: broken - start + 1, message: `not UTF-8 (byte 0x${byte}): save the file as UTF-8` };
}

/** The index of the first byte that is not UTF-8. */
function firstBroken(bytes: Uint8Array): number | undefined {
  if (decodes(bytes, false)) return undefined;
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (decodes(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // A decodable prefix may end with a part of a character.
  while (!decodes(bytes.subarray(0, good), false)) good -= 1;
  return good;
}

function decodes(bytes: Uint8Array, isBeginning: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isBeginning });
    return true;
  } catch {
    return false;
  }
}
