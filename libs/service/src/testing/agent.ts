import supertest from 'supertest';
import { versioned } from '../version.js';

export type Agent = ReturnType<typeof supertest.agent>;

/** A client of a server; `/deals` becomes the path of the API's version, and `/health/ready` stays. */
export function agentOf(url: string, token?: string): Agent {
  const agent = supertest.agent(url).use((asked: unknown) => {
    const request = asked as supertest.Test;
    request.url = url + versioned(request.url.slice(url.length));
  });
  return token === undefined ? agent : agent.set('Authorization', `Bearer ${token}`);
}
