import { type ConstDirectiveNode, type DocumentNode, Kind, parseConstValue, visit } from "graphql";
import { fieldRule } from "./field-rules.js";

/** Adds `@requiresScopes` to the fields of a schema document, for routers that enforce them. */
export function withScopeDirectives(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition: ({ name, fields = [], ...type }) => ({
      ...type,
      name,
      fields: fields.map((field) => {
        const directive = toDirective(name.value, field.name.value);
        return directive ? { ...field, directives: [...(field.directives ?? []), directive] } : field;
      }),
    }),
  });
}

function toDirective(type: string, field: string): ConstDirectiveNode | undefined {
  const rule = fieldRule(type, field);
  if (rule === undefined || rule === "byParent" || rule === "public") return undefined;
  const name = { kind: Kind.NAME, value: "scopes" } as const;
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: "requiresScopes" },
    arguments: [{ kind: Kind.ARGUMENT, name, value: parseConstValue(JSON.stringify(rule)) }],
  };
}
