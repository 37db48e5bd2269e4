/**
 * The header by which practices recognise the proxy. At real practices only the proxy's client certificate is accepted;
 * over plain HTTP a secret takes its place.
 */
export const PROXY_HEADER = "x-sandbox-proxy";
