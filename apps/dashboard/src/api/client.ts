import { type Client, client, configure, connect } from '@attain/client';

let csrf: string | undefined;
export const rememberCsrf = (token: string | null): void => {
  csrf = token ?? undefined;
};

/** Does not retry, because the query cache does, and a screen shows at once why it waits. */
const here = { url: location.origin, patience: 0 };
signing(configure(client, here));

/** Asks one of several processes behind a gateway, for answers about the process itself. */
export function clientOf(service: string | undefined): Client {
  return service === undefined ? client : signing(connect({ ...here, service }));
}

/** A session in a cookie proves by a second secret that this page, and no other site, sends a command. */
function signing(by: Client): Client {
  by.interceptors.request.use((request) => {
    if (request.method !== 'GET' && csrf !== undefined) request.headers.set('X-CSRF-Token', csrf);
    return request;
  });
  return by;
}

/** The data of an answer; the client throws Refused or Unreachable where there is none. */
export async function answerOf<T>(asked: Promise<{ data?: T | undefined }>): Promise<T> {
  return (await asked).data as T;
}
