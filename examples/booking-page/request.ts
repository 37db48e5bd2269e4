import type { TypedDocumentString } from "./generated/graphql.js";

export interface GraphQLResponse<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly reason?: string };
  }[];
}

// One page is one encounter: its requests share what the rules of the NHS allow to be used again.
const session = crypto.randomUUID();

/**
 * Sends an operation. The document carries the types of its result and variables.
 *
 * @throws TypeError when the network or the response fails: for a booking this means "unknown", never "not booked".
 */
export async function send<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<GraphQLResponse<Data>> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", "spine-session": session },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  return (await response.json()) as GraphQLResponse<Data>;
}
