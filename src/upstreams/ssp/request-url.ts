/**
 * The proxy's URL with the practice's inside: `<ssp>/<root>/<request>`. Built by hand, because URL libraries
 * drop the proxy or fold the inner `//`, and the proxy compares the root with the directory byte for byte
 * (GP Connect notes, section 3.1).
 *
 * @param sspUrl the proxy; a slash at its end is dropped.
 * @param serviceRootUrl as in the directory, unaltered. Should it end in a slash, that slash is the join.
 * @param request path and query, already encoded, without a leading slash.
 */
export function joinProxyUrl(sspUrl: string, serviceRootUrl: string, request: string): string {
  const join = serviceRootUrl.endsWith("/") ? "" : "/";
  return `${sspUrl.replace(/\/+$/, "")}/${serviceRootUrl}${join}${request}`;
}

/**
 * A query string in the given order; a name may repeat. Values are percent-encoded (`|` is `%7C`, `+` is
 * `%2B`: a bare plus arrives as a space). Colon and slash stay as the specification's examples write them.
 */
export function toQuery(parameters: readonly (readonly [name: string, value: string])[]): string {
  return parameters.map(([name, value]) => `${name}=${encodeValue(value)}`).join("&");
}

/** A logical id as one segment of a path. */
export function toSegment(id: string): string {
  return encodeURIComponent(id);
}

function encodeValue(value: string): string {
  return encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2F", "/");
}
