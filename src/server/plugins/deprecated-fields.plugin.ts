import {
  type DocumentNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { Metrics } from "../metrics/metrics.js";
import type { OperationPlugin } from "./operation-plugin.js";

/** The coordinates (`Type.field`) of all deprecated fields of a schema. */
function deprecatedFields(schema: GraphQLSchema): ReadonlySet<string> {
  return new Set(
    Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith("__"))
      .filter((type) => isObjectType(type) || isInterfaceType(type))
      .flatMap((type) =>
        Object.values(type.getFields())
          .filter((field) => field.deprecationReason !== undefined && field.deprecationReason !== null)
          .map((field) => `${type.name}.${field.name}`),
      ),
  );
}

/** The coordinates of a set that a document selects, each once. The document is valid in the schema. */
function selectedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  coordinates: ReadonlySet<string>,
): ReadonlySet<string> {
  const selected = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const coordinate = `${typeInfo.getParentType()?.name}.${node.name.value}`;
        if (coordinates.has(coordinate)) selected.add(coordinate);
      },
    }),
  );
  return selected;
}

/**
 * Counts the operations that select a deprecated field, so that its removal can wait until nobody does. The labels are
 * the deprecated fields of the schema and nothing else. A schema without any costs nothing.
 */
export function deprecatedFieldsPlugin(
  schema: GraphQLSchema,
  metrics: Pick<Metrics, "countDeprecatedField">,
): OperationPlugin {
  const coordinates = deprecatedFields(schema);
  if (coordinates.size === 0) return {};
  // Apollo keeps parsed documents, so that a client's operation is visited once.
  const known = new WeakMap<DocumentNode, ReadonlySet<string>>();
  return {
    didResolveOperation({ document }) {
      const selected = known.get(document) ?? selectedFields(schema, document, coordinates);
      known.set(document, selected);
      for (const coordinate of selected) metrics.countDeprecatedField(coordinate);
    },
  };
}
