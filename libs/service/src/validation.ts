import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, Malformed } from './problem.js';

/** DTO classes say what a request may hold; nothing else passes, and nothing is turned into another type unasked. */
export function createValidation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new Malformed(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

function fieldErrors({ property, constraints = {}, children = [] }: ValidationError, path: string): FieldError[] {
  const field = path + property;
  const messages = Object.entries(constraints).map(([rule, message]) =>
    rule === 'whitelistValidation' ? 'is not a known field' : message.replace(`${property} `, ''),
  );
  const own: FieldError[] = messages.length > 0 ? [{ field, message: messages.join('; ') }] : [];
  return [...own, ...children.flatMap((child) => fieldErrors(child, `${field}.`))];
}
