import {
  documentOf,
  type DocumentNode,
  type DocumentProblem,
  formatPath,
  ofRequests,
  parseDocuments,
} from '@attain/contracts';
import { Malformed, MayStateReason } from '@attain/service';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { placedProblem } from './placed.rules.js';
import type { PlacedProblem } from './plans.answers.js';

/** A plan document in a request. */
export class PlanDocumentBody {
  @ApiPropertyOptional({
    description: 'The plan document as YAML or JSON text.',
    example: 'attain: 1\nplan: Account executive\nversion: 2025.1\n…',
  })
  @IsOptional()
  @IsString()
  @MaxLength(ofRequests.characters)
  text?: string;

  @ApiPropertyOptional({ description: 'Or the plan document itself.', type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  document?: Record<string, unknown>;
}

export class PlanBody extends PlanDocumentBody {
  @MayStateReason('Why it is published.')
  reason?: string;
}

/** The document with the places of its parts, or the places at which it cannot be read. */
export function readPlan(body: PlanDocumentBody): { node?: DocumentNode; problems: PlacedProblem[] } {
  const { text, document } = body;
  if (text === undefined || document !== undefined)
    return { node: documentOf(documentIn(body), 'document'), problems: [] };
  const { documents, problems } = parseDocuments(text, 'text', ofRequests);
  if (problems.length > 0) return { problems: problems.map(placedProblem) };
  const [node] = documents;
  if (node === undefined || documents.length > 1) throw severalDocuments(documents.length);
  return { node, problems: [] };
}

export function documentIn({ text, document }: PlanDocumentBody): unknown {
  if ((text === undefined) === (document === undefined))
    throw new Malformed([{ field: 'text', message: 'expected either text or document' }]);
  if (text === undefined) {
    const inexact = inexactIn(document, ['document']);
    if (inexact)
      throw new Malformed([
        { field: formatPath(inexact), message: 'a number that JSON does not keep exactly; write it as a text' },
      ]);
    return document;
  }
  const { documents, problems } = parseDocuments(text, 'text', ofRequests);
  if (problems.length > 0) throw unread(problems);
  if (documents.length !== 1) throw severalDocuments(documents.length);
  return documents[0]?.value;
}

function unread(problems: readonly DocumentProblem[]): Malformed {
  return new Malformed(
    problems.map(({ line, column, path, message, code }) => ({
      field: ['text', formatPath(path)].filter(Boolean).join('.'),
      message: `line ${line}, column ${column}: ${message}`,
      code,
    })),
  );
}

function severalDocuments(count: number): Malformed {
  return new Malformed([{ field: 'text', message: `expected one plan, found ${count} documents` }]);
}

/** The place of a number that lost digits in JSON. */
function inexactIn(value: unknown, path: readonly (string | number)[]): readonly (string | number)[] | undefined {
  if (typeof value === 'number')
    return Math.abs(value) > Number.MAX_SAFE_INTEGER || String(value).includes('e') || String(value).length > 16
      ? path
      : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = inexactIn(part, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}
