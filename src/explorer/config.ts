/** The settings that the server embeds in the page as JSON. */
export interface ExplorerConfig {
  readonly operations: readonly Operation[];
  /** Absent when the server runs without the embedded sandbox. */
  readonly personas?: Personas;
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

/** The synthetic patients and practices of the sandbox, each with the case that it represents. */
export interface Personas {
  readonly patients: readonly { readonly nhsNumber: string; readonly name: string; readonly case: string }[];
  readonly practices: readonly { readonly odsCode: string; readonly name: string; readonly case: string }[];
}
