import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import { explainedFault, idFault, idOf, textFault } from '@attain/values';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { type FieldError, Malformed } from './problem.js';

/** The most fields with errors in one answer. */
const MOST_ERRORS = 100;
/** The most fields of one object in a request, because validation takes more than linear time. */
const MOST_FIELDS = 1000;

/** Validates requests against DTO classes: unknown fields are refused, and no value is converted to another type. */
@Injectable()
class Edge extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'param') return pathPart(value, metadata.data ?? 'path');
    if (metadata.type === 'custom') return value;
    const errors = [...nullsIn(value, metadata), ...textFaultsIn(value, '')];
    if (errors.length > 0) throw new Malformed(errors.slice(0, MOST_ERRORS));
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

export function createValidation(): ValidationPipe {
  return new Edge({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      new Malformed(errors.flatMap((error) => fieldErrors(error, '')).slice(0, MOST_ERRORS)),
  });
}

/** Every part of a path is an id or a name. */
function pathPart(value: unknown, field: string): unknown {
  if (typeof value !== 'string') return value;
  const id = idOf(value);
  const fault = idFault(id);
  if (fault) throw new Malformed([{ field, message: explainedFault(fault) }]);
  return id;
}

/** Finds null values, which `@IsOptional()` would accept as values. */
function nullsIn(value: unknown, { metatype }: ArgumentMetadata): FieldError[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || metatype === undefined) return [];
  const fields = Object.entries(value);
  if (fields.length > MOST_FIELDS)
    return [{ field: '', message: `expected at most ${MOST_FIELDS} fields, found ${fields.length}` }];
  const rules = getMetadataStorage().getTargetValidationMetadatas(metatype, '', true, false);
  const optional = new Set(rules.filter(({ name }) => name === 'isOptional').map(({ propertyName }) => propertyName));
  return fields
    .filter(([field, part]) => part === null && optional.has(field))
    .map(([field]) => ({ field, message: 'expected a value or no such field, found null' }));
}

/** Texts that no store keeps unchanged, by their path. Deeper JSON than this can walk has been refused before. */
function textFaultsIn(value: unknown, path: string): FieldError[] {
  if (typeof value === 'string') {
    const fault = textFault(value);
    return fault ? [{ field: path, message: explainedFault(fault) }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const errors: FieldError[] = [];
  for (const [key, part] of Object.entries(value)) {
    const fault = textFault(key);
    if (fault) errors.push({ field: path, message: `a key ${explainedFault(fault)}` });
    errors.push(...textFaultsIn(part, path === '' ? key : `${path}.${key}`));
    if (errors.length >= MOST_ERRORS) break;
  }
  return errors;
}

function fieldErrors({ property, constraints = {}, children = [] }: ValidationError, path: string): FieldError[] {
  const field = path + property;
  const messages = Object.entries(constraints).map(([rule, message]) =>
    rule === 'whitelistValidation' ? 'is not a known field' : withoutName(message, property),
  );
  const own: FieldError[] = messages.length > 0 ? [{ field, message: messages.join('; ') }] : [];
  return [...own, ...children.flatMap((child) => fieldErrors(child, `${field}.`))];
}

/**
 * The field is named beside the message, so its name is removed from the beginning. In the middle of a sentence it may
 * be a word: `expected a period such as 2025`.
 */
function withoutName(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
