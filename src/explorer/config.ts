/** What the server tells the page; it is embedded in the page as JSON. */
export interface ExplorerConfig {
  readonly operations: readonly Operation[];
  readonly cast?: Cast;
  readonly graphqlPath: string;
}

export interface Operation {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly kind: "query" | "mutation";
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Cast {
  readonly patients: readonly { readonly nhsNumber: string; readonly name: string; readonly case: string }[];
  readonly practices: readonly { readonly odsCode: string; readonly name: string; readonly case: string }[];
}

/** Reads the embedded settings. */
export function readConfig(page: Document): ExplorerConfig {
  return JSON.parse(page.getElementById("explorer-config")?.textContent ?? "") as ExplorerConfig;
}

/** The nonce under which the editor may write its style element. */
export function readNonce(page: Document): string {
  return page.querySelector<HTMLLinkElement>("link[rel=stylesheet][nonce]")?.nonce ?? "";
}
