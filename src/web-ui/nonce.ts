/**
 * The nonce of this page's content policy. CodeMirror writes its own style element and needs the nonce to do so.
 * Empty when the page has none.
 */
export function readNonce(page: Document): string {
  return page.querySelector<HTMLLinkElement>("link[rel=stylesheet][nonce]")?.nonce ?? "";
}
