import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "graphql";

/** A documented operation, as the explorer lists it. */
export interface ExplorerOperation {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly kind: "query" | "mutation";
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/**
 * Reads the documented operations of a directory in teaching order: `NN-name.graphql`, each with an optional
 * `NN-name.variables.json` beside it. The first line of the leading comment is the title, the other lines are the
 * description. A missing directory contains no operations.
 *
 * When a variable's whole text is `{{Type.field}}`, such as `{{Slot.id}}`, the explorer inserts the last value of that
 * field from a response, so that operations can be run in sequence.
 */
export function loadOperations(directory: string): ExplorerOperation[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /^\d+-.+\.graphql$/.test(name))
    .sort()
    .map((name) => loadOperation(directory, name));
}

function loadOperation(directory: string, name: string): ExplorerOperation {
  const id = name.replace(/\.graphql$/, "");
  const { comment, query } = splitLeadingComment(readFileSync(join(directory, name), "utf8"));
  const [title = "", ...description] = comment;
  return {
    id,
    title: title === "" ? titleFromName(id) : title.replace(/\.$/, ""),
    description: description.join(" ").trim(),
    kind: kindOf(query, name),
    query,
    variables: readVariables(join(directory, `${id}.variables.json`)),
  };
}

/** Separates the comment, shown in the list, from the query, shown in the editor. */
function splitLeadingComment(text: string): { comment: string[]; query: string } {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const end = lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  const comment = lines
    .slice(0, Math.max(end, 0))
    .map((line) => line.replace(/^\s*#+/, "").trim())
    .filter((line) => line !== "");
  return { comment, query: `${lines.slice(Math.max(end, 0)).join("\n").trimEnd()}\n` };
}

function titleFromName(id: string): string {
  const words = id.replace(/^\d+-/, "").replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function kindOf(query: string, name: string): ExplorerOperation["kind"] {
  for (const definition of parse(query).definitions) {
    if (definition.kind !== "OperationDefinition") continue;
    if (definition.operation !== "subscription") return definition.operation;
  }
  throw new Error(`${name} contains no query and no mutation`);
}

function readVariables(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  const variables: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof variables !== "object" || variables === null || Array.isArray(variables)) {
    throw new Error(`${path} must contain a JSON object`);
  }
  return variables as Record<string, unknown>;
}
