import { type GraphQLSchema, isAbstractType, isEnumType, isInterfaceType, isObjectType } from "graphql";
import { Description } from "./description.js";
import { FieldEntry, TypeLink } from "./field-entry.js";
import { type DeclaredPrices, describePrice } from "./field-prices.js";
import { type DocsLocation, fieldsOf } from "./schema-index.js";

interface Props {
  readonly schema: GraphQLSchema;
  readonly prices: DeclaredPrices | null;
  readonly name: string;
  readonly field: string | undefined;
  readonly onGo: (location: DocsLocation) => void;
}

const KINDS: Readonly<Record<string, string>> = {
  GraphQLObjectType: "type",
  GraphQLInputObjectType: "input",
  GraphQLInterfaceType: "interface",
  GraphQLUnionType: "union",
  GraphQLEnumType: "enum",
  GraphQLScalarType: "scalar",
};

/** The documentation of one type. */
export function TypePage({ schema, prices, name, field, onGo }: Props) {
  const type = schema.getType(name);
  if (type === undefined) return <p class="quiet">The schema has no type {name}.</p>;
  const fields = fieldsOf(schema, name);
  const interfaces = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
  const members = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  return (
    <>
      <h3 class="type-name">
        <span class="kind">{KINDS[type[Symbol.toStringTag]]}</span> {name}
      </h3>
      <Description text={type.description} />
      <Names title="Implements" names={interfaces.map(String)} onGo={onGo} />
      <Names title="One of" names={members.map(String)} onGo={onGo} />
      {fields.length > 0 && (
        <ul class="fields">
          {fields.map((entry) => (
            <FieldEntry
              key={entry.name}
              field={entry}
              price={prices ? describePrice(name, entry, prices) : ""}
              highlighted={entry.name === field}
              onGo={onGo}
            />
          ))}
        </ul>
      )}
      {isEnumType(type) && (
        <ul class="fields">
          {type.getValues().map((value) => (
            <li class="field" key={value.name}>
              <span class="field-name">{value.name}</span>
              <Description text={value.description} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface NamesProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly onGo: Props["onGo"];
}

function Names({ title, names, onGo }: NamesProps) {
  if (names.length === 0) return null;
  return (
    <p class="names">
      {title}{" "}
      {names.map((name) => (
        <TypeLink key={name} text={name} name={name} onGo={onGo} />
      ))}
    </p>
  );
}
