import { useMemo, useState } from "preact/hooks";
import { copyText } from "../web-ui/copy-text.js";
import { JsonEditor } from "../web-ui/editor/json-editor.js";
import { Panel } from "../web-ui/panel.js";
import { Tabs } from "../web-ui/tabs.js";
import { CostLine } from "./cost-line.js";
import { parseEditorState } from "./editor-state.js";
import { GraphqlEditor } from "./graphql-editor.js";
import { declaredVariables, parseQueryDocument, selectOperation } from "./query-document.js";
import { toCurlCommand } from "./request.js";
import type { Explorer } from "./use-explorer.js";

/** Headers offered by completion. */
const HEADERS = ["Authorization", "Spine-Id-Token", "X-Correlation-ID"];

interface Props {
  readonly explorer: Explorer;
  readonly graphqlPath: string;
  readonly onShowInDocs: (type: string, field?: string) => void;
}

/** The request: query, variables, headers and the button that sends them. */
export function RequestPanel({ explorer, graphqlPath, onShowInDocs }: Props) {
  const { editorState, edit, running } = explorer;
  const [tab, setTab] = useState<"variables" | "headers">("variables");
  const query = useMemo(() => parseQueryDocument(editorState.query), [editorState.query]);
  const operation = selectOperation(query, editorState.operationName);
  const mutation = operation?.operation === "mutation";

  async function copyCurl(): Promise<void> {
    try {
      const { request, headers } = parseEditorState(editorState, explorer.session);
      await copyText(toCurlCommand(new URL(graphqlPath, location.origin).href, request, headers));
      explorer.showNotice("The curl command was copied to the clipboard.");
    } catch (error) {
      explorer.showNotice((error as Error).message);
    }
  }

  async function copyLink(): Promise<void> {
    try {
      const { url, omitted } = explorer.createLink();
      await copyText(url);
      const without = omitted.length === 0 ? "" : ` without ${omitted.join(" and ")}`;
      explorer.showNotice(`The link was copied to the clipboard${without}.`);
    } catch (error) {
      explorer.showNotice((error as Error).message);
    }
  }

  return (
    <Panel
      name="request"
      title={editorState.operation?.title ?? "Request"}
      head={
        <div class="panel-tools">
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
          {running ? (
            <button type="button" class="run" onClick={explorer.cancel}>
              Cancel
            </button>
          ) : (
            <button
              type="button"
              class={mutation ? "run run-mutation" : "run"}
              aria-describedby="cost"
              aria-keyshortcuts="Control+Enter"
              title="Ctrl or Cmd + Enter"
              onClick={explorer.run}
            >
              {mutation ? "Run mutation" : "Run"}
            </button>
          )}
        </div>
      }
    >
      {editorState.operation?.description && (
        <p class="operation-text narrow-only">{editorState.operation.description}</p>
      )}
      <div class="request-tools">
        <CostLine cost={explorer.cost} id="cost" />
        <button type="button" onClick={() => void copyLink()}>
          Copy link
        </button>
        <button type="button" onClick={() => void copyCurl()}>
          Copy as curl
        </button>
      </div>
      <GraphqlEditor
        value={editorState.query}
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
        onSelect={setTab}
      >
        {tab === "variables" ? (
          <JsonEditor
            key="variables"
            label="Variables, as JSON"
            value={editorState.variables}
            keys={declaredVariables(operation)}
            onChange={(text) => edit({ variables: text })}
            onRun={explorer.run}
          />
        ) : (
          <JsonEditor
            key="headers"
            label="Additional headers, as JSON"
            value={editorState.headers}
            keys={HEADERS}
            onChange={(text) => edit({ headers: text })}
            onRun={explorer.run}
          />
        )}
      </Tabs>
    </Panel>
  );
}
