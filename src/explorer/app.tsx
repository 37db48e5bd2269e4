import { useRef, useState } from "preact/hooks";
import { CastList } from "./cast-list.js";
import type { ExplorerConfig, Operation } from "./config.js";
import { DocsPanel } from "./docs/docs-panel.js";
import type { DocsPlace } from "./docs/place.js";
import { Elsewhere } from "./elsewhere.js";
import { Header } from "./header.js";
import { OperationsRail } from "./operations-rail.js";
import { RequestPane } from "./request-pane.js";
import { ResultPane } from "./result-pane.js";
import { traceOf } from "./spine-trace.js";
import { Splitter } from "./splitter.js";
import { useExplorer } from "./use-explorer.js";
import { WalkPanel } from "./walk/walk-panel.js";

/** The page: operations at the left, question and answer beside one another, the walk beneath. */
export function App({ config }: { readonly config: ExplorerConfig }) {
  const explorer = useExplorer(config);
  const [docs, setDocs] = useState<readonly DocsPlace[]>([]);
  const [walkShare, setWalkShare] = useState(45);
  const answer = useRef<HTMLElement>(null);
  const { draft, result } = explorer;

  function choose(operation: Operation): void {
    explorer.choose(operation);
    // Where the panes are stacked, the answer would come in far below what was pressed.
    if (matchMedia("(max-width: 899px)").matches) answer.current?.focus();
  }

  const goToDocs = (place: DocsPlace) => setDocs((trail) => [...trail, place]);

  function closeDocs(): void {
    setDocs([]);
    document.querySelector<HTMLElement>("[aria-controls=docs]")?.focus();
  }

  return (
    <div class="page" data-schema={explorer.schema === null ? "unknown" : "known"}>
      <a class="skip" href="#request">
        Skip to the query
      </a>
      <Header
        session={explorer.session}
        docsOpen={docs.length > 0}
        onNewSession={explorer.renewSession}
        onToggleDocs={() => setDocs(docs.length === 0 ? [{ kind: "root" }] : [])}
      />
      <div class="rail">
        <OperationsRail operations={config.operations} current={draft.operation} onChoose={choose} />
        {config.cast && <CastList cast={config.cast} onPut={explorer.put} />}
      </div>
      <main class="bench" style={{ "--walk-share": `${walkShare}dvh` }}>
        <RequestPane
          explorer={explorer}
          graphqlPath={config.graphqlPath}
          onShowInDocs={(type, field) => goToDocs({ kind: "type", name: type, ...(field && { field }) })}
        />
        <ResultPane
          paneRef={answer}
          result={result}
          running={explorer.running}
          notice={explorer.notice}
          mutation={draft.operation?.kind === "mutation"}
        />
        <Splitter label="Height of the walk" share={walkShare} onShare={setWalkShare} />
        <WalkPanel
          trace={result === null ? null : traceOf(result.exchange.answer.extensions)}
          result={result}
          running={explorer.running}
        />
      </main>
      <Elsewhere graphqlPath={config.graphqlPath} />
      {docs.length > 0 && (
        <DocsPanel
          schema={explorer.schema}
          fault={explorer.schemaFault}
          trail={docs}
          onGo={goToDocs}
          onBack={() => setDocs(docs.slice(0, -1))}
          onReload={explorer.reloadSchema}
          onClose={closeDocs}
        />
      )}
    </div>
  );
}
