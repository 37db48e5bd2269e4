import { type ASTVisitor, GraphQLError, type ValidationContext } from "graphql";

/** Aliases in one document. The documented operations have none, and lists of codes need none. */
export const MAX_ALIASES = 100;

/**
 * A validation rule that refuses a document with many aliases, whatever their fields cost. Aliases repeat one field with
 * other arguments, so one request could try many values while it counts as one against the caller's rate.
 */
export function limitAliases(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  return {
    Field({ alias }) {
      if (alias !== undefined) aliases += 1;
    },
    Document: {
      leave() {
        if (aliases <= MAX_ALIASES) return;
        const message = `The document has ${aliases} aliases, and the limit is ${MAX_ALIASES}. Use lists of codes, or several requests.`;
        context.reportError(new GraphQLError(message, { extensions: { reason: "QUERY_TOO_COSTLY" } }));
      },
    },
  };
}
