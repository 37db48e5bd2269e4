import type { RefObject } from "preact";
import { useMemo, useState } from "preact/hooks";
import { JsonViewer } from "../web-ui/editor/json-editor.js";
import { Panel } from "../web-ui/panel.js";
import { plural } from "../web-ui/plural.js";
import type { GraphqlResponse } from "./request.js";
import type { Result } from "./use-explorer.js";
import { formatJson } from "./variables.js";
import { Welcome } from "./welcome.js";

interface Props {
  readonly panelRef: RefObject<HTMLElement | null>;
  readonly result: Result | null;
  readonly running: boolean;
  readonly notice: string;
  readonly mutation: boolean;
}

/** The response, with its status, its duration and its errors above it. */
export function ResponsePanel({ panelRef, result, running, notice, mutation }: Props) {
  const [withExtensions, setWithExtensions] = useState(false);
  const response = result?.exchange.response;
  const text = useMemo(
    () =>
      response === undefined ? "" : formatJson(withExtensions ? response : withoutShownElsewhere(response)),
    [response, withExtensions],
  );
  const tools = (
    <div class="panel-tools">
      {result !== null && <StatusLine result={result} />}
      <label class="check">
        <input
          type="checkbox"
          checked={withExtensions}
          onChange={(event) => setWithExtensions(event.currentTarget.checked)}
        />
        extensions
      </label>
    </div>
  );
  return (
    <Panel name="response" title="Response" head={tools} busy={running} panelRef={panelRef}>
      <p class={notice === "" ? "notice notice-none" : "notice"} role="status">
        {notice || announce(result)}
      </p>
      {response?.errors !== undefined && response.errors.length > 0 && <Errors errors={response.errors} />}
      {text === "" ? <Welcome mutation={mutation} /> : <JsonViewer label="Response, as JSON" value={text} />}
    </Panel>
  );
}

function StatusLine({ result }: { readonly result: Result }) {
  const { status, durationMs, response } = result.exchange;
  const errors = response.errors?.length ?? 0;
  return (
    <span class="status-line">
      <span class={errors > 0 || status >= 400 ? "pill pill-fault" : "pill pill-ok"}>
        {errors > 0 ? plural(errors, "error") : status}
      </span>{" "}
      {Math.round(durationMs)} ms
    </span>
  );
}

function Errors({ errors }: { readonly errors: NonNullable<GraphqlResponse["errors"]> }) {
  return (
    <ul class="errors" aria-label="Errors">
      {errors.slice(0, 4).map((error, index) => (
        <li key={index}>
          <code>{String(error.extensions?.code ?? "ERROR")}</code> {error.message}
        </li>
      ))}
      {errors.length > 4 && <li>… and {errors.length - 4} more</li>}
    </ul>
  );
}

/** Leaves out `extensions.spine`, because the panel below draws it. Data comes first, errors after it. */
function withoutShownElsewhere({ data, ...rest }: GraphqlResponse): GraphqlResponse {
  const { extensions, ...others } = rest;
  const { spine: _spine, ...more } = (extensions ?? {}) as Record<string, unknown>;
  return { data, ...others, ...(Object.keys(more).length > 0 && { extensions: more }) };
}

/** The text that a screen reader announces when a response arrives. */
function announce(result: Result | null): string {
  if (result === null) return "";
  const errors = result.exchange.response.errors?.length ?? 0;
  return `Response after ${Math.round(result.exchange.durationMs)} milliseconds with ${errors === 0 ? "no errors" : plural(errors, "error")}.`;
}
