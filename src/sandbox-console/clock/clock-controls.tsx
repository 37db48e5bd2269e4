import { useState } from "preact/hooks";
import { type ClockState, controlApi } from "../api/control-api.js";
import { SidebarGroup } from "../sidebar-group.js";
import { Switch } from "../switch.js";
import type { SandboxState } from "../use-sandbox.js";
import { nextClockChanges } from "./summer-time.js";

const STEPS: readonly (readonly [name: string, ms: number])[] = [
  ["1 min", 60_000],
  ["1 hour", 3_600_000],
  ["1 day", 86_400_000],
  ["1 week", 604_800_000],
];
/** The buttons for a clock change stop so long before it, so that the user sees it happen. */
const LEAD_MS = 10_000;

interface Props {
  readonly clock: ClockState;
  readonly act: SandboxState["act"];
}

/** The time of the sandbox, and the controls that move it. */
export function ClockControls({ clock, act }: Props) {
  const [text, setText] = useState("");
  const changes = nextClockChanges(Date.parse(clock.now));

  function setClock(epochMs: number, done: string): void {
    void act(() => controlApi.setClock(new Date(epochMs).toISOString()), done);
  }

  return (
    <SidebarGroup title={`Clock: ${shortTime(clock.now)}${clock.isFrozen ? ", frozen" : ""}`} isOpen>
      <p class="quiet">
        <time dateTime={clock.now}>{longDate(clock.now)}</time>, {zoneName(clock.now)}
      </p>
      <p class="quiet">UTC: {clock.now.slice(0, 19).replace("T", " ")}</p>
      <Switch
        label="Frozen"
        isOn={clock.isFrozen}
        onChange={(isOn) =>
          void act(
            isOn ? controlApi.freezeClock : controlApi.resumeClock,
            isOn ? "The clock is frozen." : "The clock runs.",
          )
        }
      />
      <fieldset class="buttons">
        <legend>Advance by</legend>
        {STEPS.map(([name, ms]) => (
          <button
            key={name}
            type="button"
            onClick={() => void act(() => controlApi.advanceClock(ms), `The clock was advanced by ${name}.`)}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <fieldset class="buttons">
        <legend>Go to 10 seconds before the clocks go</legend>
        <button
          type="button"
          onClick={() => setClock(changes.forward - LEAD_MS, "The clocks go forward soon.")}
        >
          forward ({shortDate(changes.forward)})
        </button>
        <button type="button" onClick={() => setClock(changes.back - LEAD_MS, "The clocks go back soon.")}>
          back ({shortDate(changes.back)})
        </button>
      </fieldset>
      <form
        class="set-clock"
        onSubmit={(event) => {
          event.preventDefault();
          setClock(Date.parse(`${text}Z`), "The clock is set.");
        }}
      >
        <label>
          <span class="field-label">Set to (UTC)</span>
          <input
            type="datetime-local"
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Set</button>
      </form>
    </SidebarGroup>
  );
}

const LONDON = { timeZone: "Europe/London" } as const;

/** `09:41:00`, in London. */
function shortTime(iso: string): string {
  return new Date(iso).toLocaleTimeString("en-GB", LONDON);
}

/** `Wed, 14 January 2026`, in London. */
function longDate(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", {
    ...LONDON,
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** `Greenwich Mean Time` or `British Summer Time`. */
function zoneName(iso: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", { ...LONDON, timeZoneName: "long" }).formatToParts(
    new Date(iso),
  );
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "London";
}

/** `29 Mar 2026`. */
function shortDate(epochMs: number): string {
  return new Date(epochMs).toLocaleDateString("en-GB", {
    ...LONDON,
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}
