import { readFileSync } from 'node:fs';
import { setTimeout as later } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import { versioned } from '@attain/service';
import { textsOfPdf } from './pdf-text.fixture.js';
import { type Agent, agentOf, describedBy } from '@attain/service/testing';
import type supertest from 'supertest';

/** The same requests to one process, several, or a server elsewhere. */
const described = describedBy(
  JSON.parse(readFileSync(new URL('../../../../libs/client/openapi.json', import.meta.url), 'utf8')) as object,
);

/** Requests that are answered 503 before a busy machine has caught up. */
const ATTEMPTS = 60;

/** Superagent repeats a request at once, and ignores Retry-After. */
interface Repeated {
  retry(count: number, decide: (error: unknown, answer?: supertest.Response) => boolean): unknown;
  _retry(): unknown;
}

function repeatAsAsked(request: Repeated): void {
  let seconds = 0;
  const repeat = request._retry.bind(request);
  request._retry = () => later(repeat, seconds * 1000);
  request.retry(ATTEMPTS, (_, answer) => {
    seconds = Number(answer?.headers['retry-after']);
    return answer?.status === 503 && seconds > 0;
  });
}

/** Repeats a request that is answered 503 after the seconds of Retry-After: every command may arrive twice. */
export function asking(url: string, token?: string): Agent {
  return agentOf(url, token)
    .use(described)
    .use((request: unknown) => repeatAsAsked(request as Repeated));
}

/** Reads like `asking` over connections that stay open, for thousands of questions; the text is headers and body, that of a PDF what it draws. */
export function reading(url: string, token: string): (path: string) => Promise<{ status: number; text: string }> {
  return async (path) => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await fetch(url + versioned(path), { headers: { Authorization: `Bearer ${token}` } });
      const text = `${JSON.stringify([...answer.headers])} ${await bodyOf(answer)}`;
      const again = answer.headers.get('retry-after');
      if (answer.status !== 503 || again === null || attempt > ATTEMPTS) return { status: answer.status, text };
      await setTimeout(Number(again) * 1000);
    }
  };
}

async function bodyOf(answer: Response): Promise<string> {
  if (answer.headers.get('content-type') !== 'application/pdf') return answer.text();
  const drawn = textsOfPdf(Buffer.from(await answer.arrayBuffer())).join('\n');
  return drawn.replaceAll(/(?<=\d),(?=\d{3})/g, '');
}
