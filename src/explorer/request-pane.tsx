import { useMemo, useState } from "preact/hooks";
import { declaredVariables, operationToRun, readQuery } from "./documents.js";
import { prepare } from "./draft.js";
import { GraphqlEditor } from "./editor/graphql-editor.js";
import { JsonEditor } from "./editor/json-editor.js";
import { asCurl } from "./request.js";
import { Tabs } from "./tabs.js";
import type { Explorer } from "./use-explorer.js";

const HEADERS = ["Authorization", "Spine-Id-Token", "X-Correlation-ID"];

interface Props {
  readonly explorer: Explorer;
  readonly graphqlPath: string;
  readonly onShowInDocs: (type: string, field?: string) => void;
}

/** What is asked: query, variables, headers, and the button that sends them. */
export function RequestPane({ explorer, graphqlPath, onShowInDocs }: Props) {
  const { draft, edit, running } = explorer;
  const [tab, setTab] = useState<"variables" | "headers">("variables");
  const query = useMemo(() => readQuery(draft.query), [draft.query]);
  const operation = operationToRun(query, draft.operationName);
  const mutation = operation?.operation === "mutation";

  async function copyCurl(): Promise<void> {
    try {
      const { request, headers } = prepare(draft, explorer.session);
      await navigator.clipboard.writeText(
        asCurl(new URL(graphqlPath, location.origin).href, request, headers),
      );
      explorer.say("The curl command is in the clipboard.");
    } catch (error) {
      explorer.say((error as Error).message);
    }
  }

  return (
    <section class="pane request" id="request" tabIndex={-1} aria-labelledby="request-title">
      <div class="pane-head">
        <h2 id="request-title">{draft.operation?.title ?? "Question"}</h2>
        <div class="pane-tools">
          {query.operations.length > 1 && (
            <select
              aria-label="Operation to run"
              value={operation?.name?.value}
              onChange={(event) => edit({ operationName: event.currentTarget.value })}
            >
              {query.operations.map(({ name }) => (
                <option key={name?.value}>{name?.value}</option>
              ))}
            </select>
          )}
          <button type="button" onClick={() => void copyCurl()}>
            Copy as curl
          </button>
          {running ? (
            <button type="button" class="run" onClick={explorer.cancel}>
              Cancel
            </button>
          ) : (
            <button
              type="button"
              class={mutation ? "run run-mutation" : "run"}
              aria-keyshortcuts="Control+Enter"
              title="Ctrl or Cmd + Enter"
              onClick={explorer.run}
            >
              {mutation ? "Run mutation" : "Run"}
            </button>
          )}
        </div>
      </div>
      {draft.operation?.description && (
        <p class="operation-story narrow-only">{draft.operation.description}</p>
      )}
      <GraphqlEditor
        value={draft.query}
        schema={explorer.schema}
        onChange={(text) => edit({ query: text })}
        onRun={explorer.run}
        onShowInDocs={onShowInDocs}
      />
      <Tabs
        label="Request"
        tabs={[
          { id: "variables", title: "Variables" },
          { id: "headers", title: "Headers" },
        ]}
        current={tab}
        onChoose={setTab}
      >
        {tab === "variables" ? (
          <JsonEditor
            key="variables"
            label="Variables, as JSON"
            value={draft.variables}
            keys={declaredVariables(operation)}
            onChange={(text) => edit({ variables: text })}
            onRun={explorer.run}
          />
        ) : (
          <JsonEditor
            key="headers"
            label="More headers, as JSON"
            value={draft.headers}
            keys={HEADERS}
            onChange={(text) => edit({ headers: text })}
            onRun={explorer.run}
          />
        )}
      </Tabs>
    </section>
  );
}
