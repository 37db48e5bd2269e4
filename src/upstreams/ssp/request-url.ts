/**
 * The proxy's URL with the practice's service root inside: `<ssp>/<root>/<request>`. Joined as text, because URL
 * libraries drop the proxy or merge the inner `//`, and the proxy compares the root with the directory byte for byte
 * (GP Connect notes, section 3.1).
 *
 * @param sspUrl the proxy; trailing slashes are removed.
 * @param serviceRootUrl as in the directory, unaltered. When it ends in a slash, no other slash is added.
 * @param request path and query, already encoded, without a leading slash.
 */
export function joinProxyUrl(sspUrl: string, serviceRootUrl: string, request: string): string {
  const join = serviceRootUrl.endsWith("/") ? "" : "/";
  return `${sspUrl.replace(/\/+$/, "")}/${serviceRootUrl}${join}${request}`;
}

/**
 * A query string in the given order; a name may repeat. Values are percent-encoded (`|` is `%7C`, `+` is
 * `%2B`, since a bare plus arrives as a space). Colon and slash stay unencoded, as in the specification's examples.
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
