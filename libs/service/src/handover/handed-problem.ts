import { ClockUntrusted, Refused, StoreFull, Transient } from '@attain/eventsourcing';
import type { Log } from '../log.js';
import { answerTo, type FieldError, Malformed, NotReady } from '../problem.js';

/** An error in the form in which it crosses processes. */
export interface HandedProblem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly about?: Readonly<Record<string, unknown>>;
}

export function asProblem(error: unknown, log: Pick<Log, 'failure'>): HandedProblem {
  const { code, detail, errors, about, unexpected } = answerTo(error);
  if (unexpected) log.failure('Work that another service asked for failed', error);
  return { code, detail, ...(errors && { errors }), ...(about && { about }) };
}

/** Restores the error. */
export function fromProblem({ code, detail, errors, about }: HandedProblem): Error {
  if (errors) return new Malformed(errors, detail);
  if (code === 'STORE_FULL') return new StoreFull(detail, { done: detail });
  if (code === 'CLOCK_UNTRUSTED') return new ClockUntrusted(detail);
  if (code === 'NOT_READY') return new NotReady(detail);
  if (code === 'CONTENDED') return new Transient(detail);
  if (code === 'INTERNAL') return new Error('another process failed: see its log');
  return new Refused(code, detail, about);
}
