import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

/** A subgraph as composition sees it. */
export interface SubgraphText {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

export interface Composed {
  readonly supergraphSdl: string | undefined;
  readonly errors: readonly string[];
  readonly hints: readonly { readonly code: string; readonly level: string; readonly message: string }[];
}

/** What this product publishes. */
export const SPINE_SDL = readFileSync(resolve(__dirname, "../../../schema.graphql"), "utf8");

/** Composes with the library of The Guild, whose licence is MIT. It has no hints. */
export function composeWithGuild(subgraphs: readonly SubgraphText[]): Composed {
  const { supergraphSdl, errors = [] } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  return { supergraphSdl, errors: errors.map(({ message }) => message), hints: [] };
}

/** Composes with the library of Apollo, in a process of its own: see `compose.js`. */
export function composeWithApollo(subgraphs: readonly SubgraphText[]): Composed {
  const { stdout, stderr, status } = spawnSync(process.execPath, [resolve(__dirname, "../compose.js")], {
    input: JSON.stringify(subgraphs),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Composed;
}

/** The supergraph, or an error with what composition refuses. */
export function requireSupergraph({ supergraphSdl, errors }: Composed): string {
  if (supergraphSdl === undefined || errors.length > 0) throw new Error(errors.join("\n"));
  return supergraphSdl;
}

/**
 * A subgraph's text without authorisation directives. Apollo's JavaScript gateway refuses a supergraph that has them, so
 * behind it only the subgraph enforces scopes.
 */
export function withoutScopes(sdl: string): string {
  return sdl.replaceAll(/ ?@requiresScopes\(scopes: \[.*?\]\]\)/g, "").replaceAll('"@requiresScopes", ', "");
}
