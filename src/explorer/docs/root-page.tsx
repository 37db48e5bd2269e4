import type { GraphQLSchema } from "graphql";
import { FieldEntry } from "./field-entry.js";
import { type DeclaredPrices, describePrice } from "./field-prices.js";
import { type DocsLocation, fieldsOf } from "./schema-index.js";

interface Props {
  readonly schema: GraphQLSchema;
  readonly prices: DeclaredPrices | null;
  readonly onGo: (location: DocsLocation) => void;
}

/** The fields of the query and mutation types, then all types by name. */
export function RootPage({ schema, prices, onGo }: Props) {
  const roots = [
    { title: "Queries", type: schema.getQueryType() },
    { title: "Mutations", type: schema.getMutationType() },
  ];
  const types = Object.keys(schema.getTypeMap())
    .filter((name) => !/^_|^link__|^federation__/.test(name))
    .sort();
  return (
    <>
      {roots.map(({ title, type }) =>
        type ? (
          <section key={title}>
            <h3>{title}</h3>
            <ul class="fields">
              {fieldsOf(schema, type.name).map((field) => (
                <FieldEntry
                  key={field.name}
                  field={field}
                  price={prices ? describePrice(type.name, field, prices) : ""}
                  highlighted={false}
                  onGo={onGo}
                />
              ))}
            </ul>
          </section>
        ) : null,
      )}
      <section>
        <h3>All types</h3>
        <ul class="search-results">
          {types.map((name) => (
            <li key={name}>
              <button type="button" class="type-link" onClick={() => onGo({ kind: "type", name })}>
                {name}
              </button>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
