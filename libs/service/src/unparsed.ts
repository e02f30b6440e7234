import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from './problem.js';

const answers: Readonly<Record<string, { status: number; code: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'TOO_LARGE',
    detail: 'The path and the headers are longer than 16 KiB in all; send less.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'TOO_SLOW',
    detail: 'The request did not arrive in time; send it again.',
  },
};
const otherwise = { status: 400, code: 'BAD_REQUEST', detail: 'The request is not HTTP/1.1.' };

/** Answers requests that Node's parser refuses, which reach no handler, with a problem document. */
export function answerUnparsed(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) return void socket.destroy(error);
    const { status, code, detail } = answers[error.code ?? ''] ?? otherwise;
    const title = STATUS_CODES[status] ?? 'Error';
    const problem: Problem = { type: 'about:blank', title, status, code, detail, correlation: randomUUID() };
    const body = JSON.stringify(problem);
    socket.end(
      `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}

/** An answer that has begun can only be ended. */
function isAnswering(socket: Socket & { _httpMessage?: { headersSent?: boolean } }): boolean {
  return socket._httpMessage?.headersSent === true;
}
