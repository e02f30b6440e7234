import supertest from 'supertest';

/** Requests that are told 503 before a busy machine has caught up. */
const ATTEMPTS = 20;

/** Asks again, as Retry-After says, whoever answers that it is not ready: every command may arrive twice. */
export function asking(url: string, token?: string): ReturnType<typeof supertest.agent> {
  const agent = supertest.agent(url).retry(ATTEMPTS, (_: unknown, answer?: supertest.Response) => answer?.status === 503 && answer.headers['retry-after'] !== undefined);
  return token === undefined ? agent : agent.set('Authorization', `Bearer ${token}`);
}
