import { SetMetadata, type StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import type { RefusalCode } from './refusal-codes.js';

export const ANSWERS = Symbol('answers');
export const REFUSES = Symbol('refuses');

/** The answer of an operation without a body. */
export const nothing = z.void();

/** Schemas by status, where an operation has several answers. */
type ByStatus = Readonly<Record<number, z.ZodType>>;
type Stated = z.ZodType | ByStatus;
type Of<S extends Stated> = S extends z.ZodType
  ? z.output<S>
  : S extends ByStatus
    ? z.output<S[keyof S & number]>
    : never;
/** The type of what a method may return: the same shape, read-only. */
type Unchanged<T> = T extends (infer Row)[]
  ? readonly Unchanged<Row>[]
  : T extends object
    ? { readonly [Key in keyof T]: Unchanged<T[Key]> }
    : T;
type Method<T> = (...args: never[]) => Unchanged<T> | Promise<Unchanged<T>>;

export interface AnswerOptions {
  /** Default: the status of the method. */
  readonly status?: number;
  readonly description?: string;
  /** Default: application/json. */
  readonly media?: string;
  /** The name of the list in the answer that a file contains, such as CSV. An answer with `rows` needs none. */
  readonly list?: string;
}
export interface StatedAnswers extends AnswerOptions {
  readonly answers: Stated;
}

/**
 * States the answer of an operation. The schema gives the TypeScript type of the method, the answer in the OpenAPI
 * document, and the check of each answer in tests. An operation without it fails `api-document.spec.ts`.
 */
export function Answers<S extends Stated>(answers: S, options: AnswerOptions = {}) {
  return <M extends Method<Of<S>>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    SetMetadata(ANSWERS, { answers, ...options } satisfies StatedAnswers)(target, key, descriptor);
  };
}

/** The codes of refusals, beside those that follow from the operation's parameters, its permission and its kind. */
export const Refuses = (...codes: [RefusalCode, ...RefusalCode[]]) => SetMetadata(REFUSES, codes);

/** A text of one media type other than JSON. */
export function AnswersText(media: string, example: string, description?: string) {
  return Answers(z.string().meta({ examples: [example] }), {
    media,
    ...(description !== undefined && { description }),
  });
}

/** A file of one media type, such as a PDF. */
export function AnswersFile(media: string, description: string) {
  const answers = z.string().meta({ format: 'binary', examples: ['%PDF-1.3'] });
  return (
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: never[]) => Promise<StreamableFile>>,
  ): void => {
    SetMetadata(ANSWERS, { answers, media, description } satisfies StatedAnswers)(target, key, descriptor);
  };
}
