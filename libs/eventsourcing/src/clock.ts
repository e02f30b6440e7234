/** Now, as an ISO 8601 UTC instant with milliseconds; injected, so that a test can record a history at its own instants. */
export type Clock = () => string;
