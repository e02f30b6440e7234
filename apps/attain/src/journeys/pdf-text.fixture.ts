import { inflateSync } from 'node:zlib';

/** The texts that a PDF of pdfkit draws, page by page: glyphs back to letters by the map that each font carries. */
export function textsOfPdf(bytes: Buffer): string[] {
  const objects = objectsOf(bytes);
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head));
  const ordered = pages.toSorted((a, b) => a.at - b.at);
  return ordered.map(({ head }) => {
    const resources = followed(objects, head, 'Resources');
    const content = objects.get(referenceOf(head, 'Contents'))!.stream();
    return drawn(content, (font) => lettersOf(objects, resources, font));
  });
}

interface PdfObject {
  at: number;
  head: string;
  stream(): string;
}

function objectsOf(bytes: Buffer): Map<string, PdfObject> {
  const text = bytes.toString('latin1');
  const objects = new Map<string, PdfObject>();
  for (const { 1: id = '', index } of text.matchAll(/(?:^|\n)(\d+) 0 obj\b/g)) {
    const end = text.indexOf('endobj', index);
    const begun = text.slice(index, end).indexOf('stream\n');
    const head = text.slice(index, begun < 0 ? end : index + begun);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const from = index + begun + 'stream\n'.length;
    objects.set(id, {
      at: index,
      head,
      stream: () => inflateSync(bytes.subarray(from, from + length)).toString('latin1'),
    });
  }
  return objects;
}

const referenceOf = (head: string, key: string): string => new RegExp(`/${key} \\[?(\\d+) 0 R`).exec(head)![1]!;
const followed = (objects: Map<string, PdfObject>, head: string, key: string): string =>
  objects.get(referenceOf(head, key))!.head;

/** Glyph → letters, by the ToUnicode map of a font. */
function lettersOf(objects: Map<string, PdfObject>, resources: string, font: string): Map<string, string> {
  const map = objects.get(referenceOf(followed(objects, resources, font), 'ToUnicode'))!.stream();
  const letters = new Map<string, string>();
  for (const [, first = '', last = '', list = ''] of map.matchAll(/<(\w+)> <(\w+)> \[([^\]]*)\]/g)) {
    const codes = [...list.matchAll(/<([\w ]+)>/g)].map(([, hex = '']) => hex.replaceAll(' ', ''));
    for (let glyph = Number.parseInt(first, 16); glyph <= Number.parseInt(last, 16); glyph += 1)
      letters.set(
        glyph.toString(16).padStart(4, '0'),
        Buffer.from(codes[glyph - Number.parseInt(first, 16)] ?? '', 'hex')
          .swap16()
          .toString('utf16le'),
      );
  }
  return letters;
}

function drawn(content: string, mapOf: (font: string) => Map<string, string>): string {
  let letters = new Map<string, string>();
  const words: string[] = [];
  for (const [, font, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) letters = mapOf(font);
    else
      words.push(
        [...shown!.matchAll(/<(\w+)>/g)]
          .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
          .map((glyph) => letters.get(glyph) ?? '?')
          .join(''),
      );
  }
  // A line may break behind a hyphen, so that each side of it is drawn by itself.
  return words
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/(?<=\w)- (?=\w)/g, '-');
}
