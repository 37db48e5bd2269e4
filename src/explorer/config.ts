import type { Personas } from "../web-ui/personas.js";

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
