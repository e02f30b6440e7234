import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, pino } from 'pino';
import { requestInHand } from './request.js';

export const LOG = Symbol('LOG');

/**
 * Structured lines, each with the correlation id of its request. Fields are chosen one by one; never a body, a document
 * or an amount.
 */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A problem that a person must solve, in words without amounts. */
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** An unexpected error: its kind, its frames, and its message with masked numbers. */
  failure(message: string, error: unknown, fields?: Readonly<Record<string, unknown>>): void;
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export function createLog(name: string, level: string, to?: DestinationStream): Log {
  const options = {
    name,
    level,
    mixin: () => {
      const state = requestInHand.getStore();
      return state ? { correlation: state.correlation, ...(state.caller && { actor: state.caller.actor }) } : {};
    },
  };
  const logger = to ? pino(options, to) : pino(options);
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    failure: (message, error, fields = {}) => logger.error({ ...fields, error: described(error) }, message),
  };
}

function described(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
  return {
    kind: error.name,
    message: withoutNumbers(error.message),
    frames,
    ...(error.cause !== undefined && { cause: described(error.cause) }),
  };
}

/** A message may quote the failed value, which may be somebody's pay. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d[\d.,]*\d/g, '#');
}

/** Nest's own messages as structured lines. */
export function nestLogger(log: Log): LoggerService {
  const fields = (rest: readonly unknown[]) => {
    const context = rest.at(-1);
    return typeof context === 'string' ? { context } : {};
  };
  return {
    log: (message: unknown, ...rest: unknown[]) => log.debug(String(message), fields(rest)),
    debug: (message: unknown, ...rest: unknown[]) => log.debug(String(message), fields(rest)),
    verbose: (message: unknown, ...rest: unknown[]) => log.debug(String(message), fields(rest)),
    warn: (message: unknown, ...rest: unknown[]) => log.warn(withoutNumbers(String(message)), fields(rest)),
    error: (message: unknown, ...rest: unknown[]) =>
      // The caller that starts the server receives this error with the port.
      /^(Error: )?listen E[A-Z]+/.test(String(message))
        ? undefined
        : log.failure(
            'Nest reports an error',
            message instanceof Error ? message : new Error(String(message)),
            fields(rest),
          ),
    fatal: (message: unknown, ...rest: unknown[]) =>
      log.failure(
        'Nest reports an error',
        message instanceof Error ? message : new Error(String(message)),
        fields(rest),
      ),
  };
}
