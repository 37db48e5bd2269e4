import { Fragment, type RefObject } from "preact";
import { Panel } from "../../web-ui/panel.js";
import type { JournalEntry, Rule } from "../api/journal-entry.js";
import { displayService } from "../service-words.js";
import { readClaims } from "./bearer-token.js";
import { callTitle, londonTime } from "./call-words.js";
import { listSentHeaders } from "./sent-headers.js";
import { StatusPill } from "./status-pill.js";
import { Verdict } from "./verdict.js";

interface Props {
  readonly panelRef: RefObject<HTMLElement | null>;
  readonly entry: JournalEntry | null;
  /** The call of the proxy to the practice, or the call to the proxy that led to this one. */
  readonly related: JournalEntry | null;
  /** All rules, for the sentences of those that held. */
  readonly rules: readonly Rule[];
  readonly onSelect: (id: number) => void;
  readonly onCopy: () => void;
}

/** One call in full: what was wrong, what was right, and the request. */
export function CallDetail({ panelRef, entry, related, rules, onSelect, onCopy }: Props) {
  if (entry === null) {
    return (
      <Panel name="call" title="Call" panelRef={panelRef}>
        <p class="empty">Select a call to see what was right and wrong in it.</p>
      </Panel>
    );
  }
  const tools = (
    <div class="panel-tools">
      <span class="status-line">
        <StatusPill entry={entry} />
        {entry.durationMs !== undefined && ` ${entry.durationMs} ms`}
      </span>
      <button type="button" onClick={onCopy}>
        Copy as curl
      </button>
    </div>
  );
  const title = `${displayService(entry.service)}: ${callTitle(entry)}`;
  return (
    <Panel name="call" title={title} head={tools} panelRef={panelRef}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
      <section class="call-body" tabIndex={0} aria-label="Details of the call">
        <p class="quiet">
          Call {entry.id}, received at {londonTime(entry.receivedAt)} in London
          {entry.odsCode !== undefined && (
            <>
              , practice <code>{entry.odsCode}</code>
            </>
          )}
          .{" "}
          {related !== null && (
            <button type="button" class="link" onClick={() => onSelect(related.id)}>
              {related.service === "PRACTICE"
                ? `The proxy forwarded it as call ${related.id}`
                : `Call ${related.id} reached the proxy first`}
            </button>
          )}
        </p>
        <Verdict entry={entry} related={related} rules={rules} />
        <Request entry={entry} />
      </section>
    </Panel>
  );
}

function Request({ entry }: { readonly entry: JournalEntry }) {
  const claims = readClaims(entry.headers.authorization);
  return (
    <>
      <h3>Request</h3>
      <pre>
        <strong>{entry.method}</strong> <Target path={entry.path} />
      </pre>
      <dl class="headers">
        {listSentHeaders(entry).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <HeaderValue value={value} />
            </dd>
          </div>
        ))}
      </dl>
      {entry.body !== undefined && (
        <>
          <h3>Body</h3>
          <pre>{indent(entry.body)}</pre>
        </>
      )}
      {claims !== undefined && (
        <>
          <h3>Claims of the token</h3>
          <pre>{claims}</pre>
        </>
      )}
    </>
  );
}

/** A request target that breaks between parameters rather than within words. */
function Target({ path }: { readonly path: string }) {
  return (
    <>
      {path.split(/(?=[?&])/).map((part, index) => (
        <Fragment key={index}>
          <wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}

/** JSON with one member in a line; another text as it is. */
function indent(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** Headers that are longer, such as tokens, can be opened. */
const LONGEST_SHOWN = 160;

function HeaderValue({ value }: { readonly value: string }) {
  if (value.length <= LONGEST_SHOWN) return <>{value}</>;
  return (
    <details>
      <summary>
        {value.slice(0, 28)}… ({value.length} characters)
      </summary>
      {value}
    </details>
  );
}
