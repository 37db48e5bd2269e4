import { useRef, useState } from "preact/hooks";
import { PageHeader } from "../web-ui/page-header.js";
import { PersonaList } from "../web-ui/persona-list.js";
import { Splitter } from "../web-ui/splitter.js";
import { ApolloSandboxLink } from "./apollo-sandbox-link.js";
import type { ExplorerConfig, Operation } from "./config.js";
import { DocsPanel } from "./docs/docs-panel.js";
import type { DocsLocation } from "./docs/schema-index.js";
import { HistoryList } from "./history-list.js";
import { OperationsList } from "./operations-list.js";
import { RequestPanel } from "./request-panel.js";
import { ResponsePanel } from "./response-panel.js";
import { SessionControls } from "./session-controls.js";
import { parseCallLog } from "./upstream-calls/call-log.js";
import { UpstreamCallsPanel } from "./upstream-calls/upstream-calls-panel.js";
import { useExplorer } from "./use-explorer.js";

/** The page: operations in the sidebar, request and response side by side, the upstream calls below them. */
export function App({ config }: { readonly config: ExplorerConfig }) {
  const explorer = useExplorer(config);
  const [docsHistory, setDocsHistory] = useState<readonly DocsLocation[]>([]);
  const [callsShare, setCallsShare] = useState(45);
  const responsePanel = useRef<HTMLElement>(null);
  const { editorState, result } = explorer;

  function openOperation(operation: Operation): void {
    explorer.openOperation(operation);
    // On a narrow page the panels are stacked, and the response would appear far below the pressed button.
    if (matchMedia("(max-width: 899px)").matches) responsePanel.current?.focus();
  }

  const goToDocs = (location: DocsLocation) => setDocsHistory((history) => [...history, location]);

  function closeDocs(): void {
    setDocsHistory([]);
    document.querySelector<HTMLElement>("[aria-controls=docs]")?.focus();
  }

  return (
    <div class="page" data-schema={explorer.schema === null ? "unknown" : "known"}>
      <a class="skip" href="#request">
        Skip to the query
      </a>
      <PageHeader title="Spine Graph" tagline="One GraphQL query, and every call to the NHS Spine behind it.">
        <SessionControls session={explorer.session} onNewSession={explorer.startNewSession} />
        <button
          type="button"
          aria-expanded={docsHistory.length > 0}
          aria-controls="docs"
          onClick={() => setDocsHistory(docsHistory.length === 0 ? [{ kind: "root" }] : [])}
        >
          Schema docs
        </button>
      </PageHeader>
      <aside class="sidebar" aria-label="Operations, history and synthetic people">
        <OperationsList
          operations={config.operations}
          current={editorState.operation}
          onOpen={openOperation}
        />
        <HistoryList
          entries={explorer.history}
          onOpen={explorer.openHistoryEntry}
          onClear={explorer.clearHistory}
        />
        {config.personas && (
          <PersonaList
            personas={config.personas}
            hint="Select one to put its number into the variables."
            onSelect={(name, value) =>
              explorer.insertPersona(name, value)
                ? `${value} is now in the variables`
                : `This operation has no variable for ${value}`
            }
          />
        )}
      </aside>
      <main class="workspace" style={{ "--lower-share": `${callsShare}dvh` }}>
        <RequestPanel
          explorer={explorer}
          graphqlPath={config.graphqlPath}
          onShowInDocs={(type, field) => goToDocs({ kind: "type", name: type, ...(field && { field }) })}
        />
        <ResponsePanel
          panelRef={responsePanel}
          result={result}
          running={explorer.running}
          notice={explorer.notice}
          mutation={editorState.operation?.kind === "mutation"}
        />
        <Splitter label="Height of the upstream calls" share={callsShare} onShare={setCallsShare} />
        <UpstreamCallsPanel
          callLog={result === null ? null : parseCallLog(result.exchange.response.extensions)}
          result={result}
          running={explorer.running}
          onNotice={explorer.showNotice}
        />
      </main>
      <ApolloSandboxLink graphqlPath={config.graphqlPath} />
      {docsHistory.length > 0 && (
        <DocsPanel
          schema={explorer.schema}
          prices={explorer.prices}
          error={explorer.schemaError}
          history={docsHistory}
          onGo={goToDocs}
          onBack={() => setDocsHistory(docsHistory.slice(0, -1))}
          onReload={explorer.reloadSchema}
          onClose={closeDocs}
        />
      )}
    </div>
  );
}
