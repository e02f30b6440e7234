/** Now, as an ISO 8601 UTC instant with milliseconds; injected, so that a history can be told with its own instants. */
export type Clock = () => string;
