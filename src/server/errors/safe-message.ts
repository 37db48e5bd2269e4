import { type ASTNode, GraphQLError, Kind } from "graphql";

/** Literals in a document, which may hold personal data. */
const VALUE_KINDS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);

/**
 * The message of a parse, validation or coercion error of graphql-js without the values that it quotes. Names of fields,
 * arguments and types stay, so that the message still helps.
 */
export function toSafeMessage(message: string, thrown: unknown): string {
  if (message.startsWith("Syntax Error: ")) return withoutTokens(message);
  const node = nodeOf(thrown);
  if (node === undefined) return message;
  if (VALUE_KINDS.has(node.kind)) return describeValue(message);
  // A variable's error quotes the variable. `variable-errors.ts` writes a better message when the request is known.
  if (node.kind === Kind.VARIABLE_DEFINITION) return "A variable has an invalid value.";
  return message;
}

function nodeOf(thrown: unknown): ASTNode | undefined {
  return thrown instanceof GraphQLError ? thrown.nodes?.[0] : undefined;
}

/** `Expected ":", found String "Smith".` → `Expected ":", found String.` */
function withoutTokens(message: string): string {
  return message
    .replace(/\b(Name|String|BlockString|Int|Float|Comment) "[\s\S]*$/, "$1.")
    .replace(/: "[\s\S]*$/, ".");
}

/** These messages start with the expected type; whatever follows it may quote the value. */
function describeValue(message: string): string {
  const missing = /^Field "[\w.]+" of required type "[\w![\]]+" was not provided\./.exec(message);
  if (missing) return missing[0];
  const type =
    /^Expected value of type "([\w![\]]+)"/.exec(message) ??
    /^Enum "(\w+)" cannot represent /.exec(message) ??
    /^(\w+) cannot represent /.exec(message) ??
    /^(\w+) must be /.exec(message);
  return type?.[1] ? `Expected a value of type "${type[1]}".` : "A value in the document is not valid.";
}
