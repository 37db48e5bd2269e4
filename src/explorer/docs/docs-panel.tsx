import type { GraphQLSchema } from "graphql";
import { useEffect, useRef, useState } from "preact/hooks";
import { type DocsPlace, searchSchema } from "./place.js";
import { RootPage } from "./root-page.js";
import { TypePage } from "./type-page.js";

interface Props {
  readonly schema: GraphQLSchema | null;
  readonly fault: string;
  /** The way here; the last is shown. */
  readonly trail: readonly DocsPlace[];
  readonly onGo: (place: DocsPlace) => void;
  readonly onBack: () => void;
  readonly onReload: () => void;
  readonly onClose: () => void;
}

/** The schema to read and search, beside the page's own work. Escape closes it. */
export function DocsPanel({ schema, fault, trail, onGo, onBack, onReload, onClose }: Props) {
  const [wanted, setWanted] = useState("");
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => search.current?.focus(), []);
  const place = trail.at(-1) ?? { kind: "root" };

  function go(next: DocsPlace): void {
    setWanted("");
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
      <div class="pane-head">
        <h2 id="docs-title">Schema docs</h2>
        <div class="pane-tools">
          {trail.length > 1 && (
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
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <div class="docs-page">
        {schema === null ? (
          <NoSchema fault={fault} onReload={onReload} />
        ) : wanted !== "" ? (
          <SearchPage schema={schema} wanted={wanted} onGo={go} />
        ) : place.kind === "root" ? (
          <RootPage schema={schema} onGo={go} />
        ) : (
          <TypePage key={place.name} schema={schema} name={place.name} field={place.field} onGo={go} />
        )}
      </div>
    </aside>
  );
}

function NoSchema({ fault, onReload }: { readonly fault: string; readonly onReload: () => void }) {
  if (fault === "") return <p class="quiet">Reading the schema …</p>;
  return (
    <>
      <p>The schema could not be read: {fault}</p>
      <button type="button" onClick={onReload}>
        Try again with the headers as they are now
      </button>
    </>
  );
}

interface SearchProps {
  readonly schema: GraphQLSchema;
  readonly wanted: string;
  readonly onGo: (place: DocsPlace) => void;
}

function SearchPage({ schema, wanted, onGo }: SearchProps) {
  const found = searchSchema(schema, wanted);
  if (found.length === 0) return <p class="quiet">Nothing is called that.</p>;
  return (
    <ul class="found">
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
        </li>
      ))}
    </ul>
  );
}
