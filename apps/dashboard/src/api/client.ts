import { client } from '@attain/client';

/** What the server answered instead of what was asked for (RFC 9457), or that it did not answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly correlation: string | undefined,
    readonly fields: readonly { field: string; message: string }[] = [],
  ) {
    super(detail);
  }
}

let csrf: string | undefined;
export const rememberCsrf = (token: string | null): void => {
  csrf = token ?? undefined;
};

client.setConfig({ baseUrl: '', credentials: 'same-origin' });
client.interceptors.request.use((request) => {
  if (request.method !== 'GET' && csrf !== undefined) request.headers.set('X-CSRF-Token', csrf);
  // A request that the browser sends again has the same key, so that the server carries it out once.
  if (request.method !== 'GET') request.headers.set('Idempotency-Key', crypto.randomUUID());
  return request;
});

interface Asked<T> {
  data?: T | undefined;
  error?: unknown;
  response?: Response | undefined;
}

/** The data of an answer; throws Refused with the problem's detail, or status 0 where there was no answer. */
export async function answerOf<T>(asked: Promise<Asked<T>>): Promise<T> {
  const { data, error, response } = await asked.catch((cause: unknown): Asked<T> => ({ error: cause }));
  if (error === undefined) return data as T;
  const problem = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  throw new Refused(
    response?.status ?? 0,
    textOf(problem.code) ?? 'NO_ANSWER',
    textOf(problem.detail) ?? 'The server did not answer.',
    textOf(problem.correlation) ?? response?.headers.get('X-Correlation-Id') ?? undefined,
    Array.isArray(problem.errors) ? (problem.errors as { field: string; message: string }[]) : [],
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
