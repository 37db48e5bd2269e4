import { astFromValue, type GraphQLArgument, type GraphQLInputType, getNamedType, print } from "graphql";
import { useEffect, useRef } from "preact/hooks";
import { type AnyField, argumentsOf, type DocsPlace } from "./place.js";
import { Prose } from "./prose.js";

interface Props {
  readonly field: AnyField;
  /** The field that was looked for: it is scrolled to and stands out. */
  readonly marked: boolean;
  readonly onGo: (place: DocsPlace) => void;
}

/** One field: its name, arguments, type and description. */
export function FieldEntry({ field, marked, onGo }: Props) {
  const entry = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (marked) entry.current?.scrollIntoView({ block: "center" });
  }, [marked]);
  const args = argumentsOf(field);
  return (
    <li ref={entry} class={marked ? "field marked" : "field"}>
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
        <Default of={field} />
      </div>
      <Prose text={field.description} />
      {field.deprecationReason && <p class="deprecated">Deprecated: {field.deprecationReason}</p>}
    </li>
  );
}

function Argument({ argument, onGo }: { readonly argument: GraphQLArgument; readonly onGo: Props["onGo"] }) {
  return (
    <span class="argument" title={argument.description ?? undefined}>
      <span class="argument-name">{argument.name}</span>:{" "}
      <TypeLink text={String(argument.type)} name={getNamedType(argument.type).name} onGo={onGo} />
      <Default of={argument} />
    </span>
  );
}

function Default({ of }: { readonly of: AnyField | GraphQLArgument }) {
  if (!("defaultValue" in of) || of.defaultValue === undefined) return null;
  const node = astFromValue(of.defaultValue, of.type as GraphQLInputType);
  return node ? <span class="default"> = {print(node)}</span> : null;
}

interface LinkProps {
  readonly text: string;
  readonly name: string;
  readonly onGo: Props["onGo"];
}

/** The name of a type, with its list and non-null marks, leading to that type. */
export function TypeLink({ text, name, onGo }: LinkProps) {
  return (
    <button type="button" class="type-link" onClick={() => onGo({ kind: "type", name })}>
      {text}
    </button>
  );
}
