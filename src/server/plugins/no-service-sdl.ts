import { type ASTVisitor, GraphQLError, type ValidationContext } from "graphql";

/** A validation rule that refuses `_service`, which returns the schema like introspection does. */
export function noServiceSdl(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value !== "_service") return;
      context.reportError(
        new GraphQLError("The schema is not available from this server. Use the published one.", {
          nodes: [node],
        }),
      );
    },
  };
}
