import { setTimeout } from 'node:timers/promises';
import supertest from 'supertest';

/** Requests that are told 503 before a busy machine has caught up. */
const ATTEMPTS = 20;

/** Asks again, as Retry-After says, whoever answers that it is not ready: every command may arrive twice. */
export function asking(url: string, token?: string): ReturnType<typeof supertest.agent> {
  const agent = supertest.agent(url).retry(ATTEMPTS, (_: unknown, answer?: supertest.Response) => answer?.status === 503 && answer.headers['retry-after'] !== undefined);
  return token === undefined ? agent : agent.set('Authorization', `Bearer ${token}`);
}

/** Reads like `asking` over connections that stay open, for thousands of questions; the text is headers and body. */
export function reading(url: string, token: string): (path: string) => Promise<{ status: number; text: string }> {
  return async (path) => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await fetch(url + path, { headers: { Authorization: `Bearer ${token}` } });
      const text = `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
      const again = answer.headers.get('retry-after');
      if (answer.status !== 503 || again === null || attempt > ATTEMPTS) return { status: answer.status, text };
      await setTimeout(Number(again) * 1000);
    }
  };
}
