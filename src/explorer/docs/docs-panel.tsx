import type { GraphQLSchema } from "graphql";
import { useEffect, useRef, useState } from "preact/hooks";
import { type DeclaredPrices, describePrice } from "./field-prices.js";
import { RootPage } from "./root-page.js";
import { type DocsLocation, fieldsOf, searchSchema } from "./schema-index.js";
import { TypePage } from "./type-page.js";

interface Props {
  readonly schema: GraphQLSchema | null;
  /** Null when the server does not publish them. */
  readonly prices: DeclaredPrices | null;
  readonly error: string;
  /** The visited locations; the last one is shown. */
  readonly history: readonly DocsLocation[];
  readonly onGo: (location: DocsLocation) => void;
  readonly onBack: () => void;
  readonly onReload: () => void;
  readonly onClose: () => void;
}

/** The schema documentation, with a search. Escape closes it. */
export function DocsPanel({ schema, prices, error, history, onGo, onBack, onReload, onClose }: Props) {
  const [searchText, setSearchText] = useState("");
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => search.current?.focus(), []);
  const location = history.at(-1) ?? { kind: "root" };

  function go(next: DocsLocation): void {
    setSearchText("");
    onGo(next);
  }

  return (
    <aside
      class="docs"
      id="docs"
      aria-labelledby="docs-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div class="panel-head">
        <h2 id="docs-title">Schema docs</h2>
        <div class="panel-tools">
          {history.length > 1 && (
            <button type="button" onClick={onBack}>
              Back
            </button>
          )}
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
      <input
        type="search"
        class="docs-search"
        ref={search}
        aria-label="Search types and fields"
        placeholder="Search types and fields"
        value={searchText}
        onInput={(event) => setSearchText(event.currentTarget.value)}
      />
      <div class="docs-page">
        {schema === null ? (
          <NoSchema error={error} onReload={onReload} />
        ) : searchText !== "" ? (
          <SearchPage schema={schema} prices={prices} text={searchText} onGo={go} />
        ) : location.kind === "root" ? (
          <RootPage schema={schema} prices={prices} onGo={go} />
        ) : (
          <TypePage
            key={location.name}
            schema={schema}
            prices={prices}
            name={location.name}
            field={location.field}
            onGo={go}
          />
        )}
      </div>
    </aside>
  );
}

function NoSchema({ error, onReload }: { readonly error: string; readonly onReload: () => void }) {
  if (error === "") return <p class="quiet">Loading the schema …</p>;
  return (
    <>
      <p>The schema could not be loaded: {error}</p>
      <button type="button" onClick={onReload}>
        Try again with the current headers
      </button>
    </>
  );
}

interface SearchProps {
  readonly schema: GraphQLSchema;
  readonly prices: DeclaredPrices | null;
  readonly text: string;
  readonly onGo: (location: DocsLocation) => void;
}

function SearchPage({ schema, prices, text, onGo }: SearchProps) {
  const found = searchSchema(schema, text);
  if (found.length === 0) return <p class="quiet">No type or field has this name.</p>;
  return (
    <ul class="search-results">
      {found.map(({ type, field }) => (
        <li key={`${type}.${field}`}>
          <button
            type="button"
            class="type-link"
            onClick={() => onGo({ kind: "type", name: type, ...(field && { field }) })}
          >
            {type}
            {field && `.${field}`}
          </button>
          {prices && field && <Price schema={schema} prices={prices} type={type} field={field} />}
        </li>
      ))}
    </ul>
  );
}

interface PriceProps {
  readonly schema: GraphQLSchema;
  readonly prices: DeclaredPrices;
  readonly type: string;
  readonly field: string;
}

function Price({ schema, prices, type, field }: PriceProps) {
  const found = fieldsOf(schema, type).find(({ name }) => name === field);
  const words = found === undefined ? "" : describePrice(type, found, prices);
  return words === "" ? null : <span class="price"> {words}</span>;
}
