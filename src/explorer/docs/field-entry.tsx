import { astFromValue, type GraphQLArgument, type GraphQLInputType, getNamedType, print } from "graphql";
import { useEffect, useRef } from "preact/hooks";
import { Description } from "./description.js";
import { type AnyField, argumentsOf, type DocsLocation } from "./schema-index.js";

interface Props {
  readonly field: AnyField;
  /** The price in words; empty when it is not known. */
  readonly price: string;
  /** The field that the user selected: the page scrolls to it and highlights it. */
  readonly highlighted: boolean;
  readonly onGo: (location: DocsLocation) => void;
}

/** One field: its name, arguments, type and description. */
export function FieldEntry({ field, price, highlighted, onGo }: Props) {
  const entry = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (highlighted) entry.current?.scrollIntoView({ block: "center" });
  }, [highlighted]);
  const args = argumentsOf(field);
  return (
    <li ref={entry} class={highlighted ? "field highlighted" : "field"}>
      <div class="signature">
        <span class="field-name">{field.name}</span>
        {args.length > 0 && (
          <>
            (
            {args.map((argument) => (
              <Argument key={argument.name} argument={argument} onGo={onGo} />
            ))}
            )
          </>
        )}
        : <TypeLink text={String(field.type)} name={getNamedType(field.type).name} onGo={onGo} />
        <DefaultValue of={field} />
        {price !== "" && <span class="price"> {price}</span>}
      </div>
      <Description text={field.description} />
      {field.deprecationReason && <p class="deprecated">Deprecated: {field.deprecationReason}</p>}
    </li>
  );
}

function Argument({ argument, onGo }: { readonly argument: GraphQLArgument; readonly onGo: Props["onGo"] }) {
  return (
    <span class="argument" title={argument.description ?? undefined}>
      <span class="argument-name">{argument.name}</span>:{" "}
      <TypeLink text={String(argument.type)} name={getNamedType(argument.type).name} onGo={onGo} />
      <DefaultValue of={argument} />
    </span>
  );
}

function DefaultValue({ of }: { readonly of: AnyField | GraphQLArgument }) {
  if (!("defaultValue" in of) || of.defaultValue === undefined) return null;
  const node = astFromValue(of.defaultValue, of.type as GraphQLInputType);
  return node ? <span class="default-value"> = {print(node)}</span> : null;
}

interface LinkProps {
  readonly text: string;
  readonly name: string;
  readonly onGo: Props["onGo"];
}

/** A link to a type, with its list and non-null marks. */
export function TypeLink({ text, name, onGo }: LinkProps) {
  return (
    <button type="button" class="type-link" onClick={() => onGo({ kind: "type", name })}>
      {text}
    </button>
  );
}
