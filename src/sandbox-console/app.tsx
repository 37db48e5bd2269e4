import { useRef } from "preact/hooks";
import { copyText } from "../web-ui/copy-text.js";
import { PageHeader } from "../web-ui/page-header.js";
import { PersonaList } from "../web-ui/persona-list.js";
import { Addresses } from "./addresses.js";
import { controlApi } from "./api/control-api.js";
import { CallDetail } from "./calls/call-detail.js";
import { CallsPanel } from "./calls/calls-panel.js";
import { toCurlCommand } from "./calls/curl.js";
import { findRelatedCall } from "./calls/related-call.js";
import { ClockControls } from "./clock/clock-controls.js";
import { FaultControls } from "./faults/fault-controls.js";
import { useCalls } from "./use-calls.js";
import { type Notice, useSandbox } from "./use-sandbox.js";

/** The page: clock, faults and personas in the sidebar, the calls and one of them in full beside it. */
export function App() {
  const sandbox = useSandbox();
  const calls = useCalls(sandbox.journal, sandbox.description !== null);
  const callPanel = useRef<HTMLElement>(null);
  const { description, presets, personas, act } = sandbox;
  const { selected, shown } = calls;
  const related = selected && findRelatedCall(selected, shown);

  function select(id: number): void {
    calls.select(id);
    // On a narrow page the call is shown far below the list.
    if (matchMedia("(max-width: 899px)").matches) callPanel.current?.focus();
  }

  /** Empties the list, which a pause would hold. */
  function empty(action: () => Promise<unknown>, done: string): void {
    calls.setPaused(false);
    void act(action, done);
  }

  const copy = (text: string, what: string) => act(() => copyText(text), `${what} was copied.`);

  return (
    <div class="page">
      <a class="skip" href="#calls">
        Skip to the calls
      </a>
      <PageHeader
        title="Spine sandbox"
        tagline="Every call to the simulated Spine, and what was right and wrong in it."
      >
        <button
          type="button"
          onClick={() => empty(controlApi.reset, "The sandbox is as it was at its start.")}
        >
          Reset
        </button>
      </PageHeader>
      <aside class="sidebar" aria-label="Clock, faults and personas">
        {description && <ClockControls clock={description.clock} act={act} />}
        {presets && <FaultControls presets={presets} faults={sandbox.faults} act={act} />}
        {description && (
          <Addresses description={description} onCopy={(url) => void copy(url, "The address")} />
        )}
        {personas && (
          <PersonaList
            personas={personas}
            hint="Select one to copy its number."
            onSelect={async (_name, number) =>
              (await copy(number, number)) ? "" : `${number} was not copied`
            }
          />
        )}
      </aside>
      <main class="workspace console">
        <CallsPanel
          journal={shown}
          filter={calls.filter}
          selected={selected?.id ?? null}
          isPaused={calls.isPaused}
          onFilter={calls.setFilter}
          onSelect={select}
          onPause={calls.setPaused}
          onClear={() => empty(controlApi.clearJournal, "The list of calls is empty.")}
        />
        <CallDetail
          panelRef={callPanel}
          entry={selected}
          related={related}
          rules={sandbox.rules ?? []}
          onSelect={select}
          onCopy={() => {
            if (selected && description)
              void copy(toCurlCommand(selected, related, description.urls), "The curl command");
          }}
        />
      </main>
      <p class="visually-hidden" role="status">
        {calls.announcement}
      </p>
      {sandbox.isConnected ? (
        <Message notice={sandbox.notice} onDismiss={sandbox.dismissNotice} />
      ) : (
        <Message notice={DISCONNECTED} />
      )}
    </div>
  );
}

const DISCONNECTED: Notice = {
  text: "The sandbox does not respond. The page tries again every second.",
  isError: true,
};

interface MessageProps {
  readonly notice: Notice | null;
  /** Absent for a message that goes by itself. */
  readonly onDismiss?: () => void;
}

/** What the last action did, above the page. */
function Message({ notice, onDismiss }: MessageProps) {
  return (
    <div
      class={notice === null ? "message" : `message ${notice.isError ? "message-error" : "message-shown"}`}
    >
      <p role="status">{notice?.text}</p>
      {notice !== null && onDismiss !== undefined && (
        <button type="button" onClick={onDismiss}>
          Dismiss
        </button>
      )}
    </div>
  );
}
