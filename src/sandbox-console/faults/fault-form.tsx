import type { TargetedEvent } from "preact";
import { useId, useState } from "preact/hooks";
import { controlApi } from "../api/control-api.js";
import { SERVICES, type ServiceName } from "../api/fault.js";
import { displayService } from "../service-words.js";
import type { SandboxState } from "../use-sandbox.js";
import {
  EMPTY_FORM,
  type FaultFormState,
  KINDS,
  type KindName,
  needsField,
  toFault,
} from "./fault-form-state.js";
import { describeFault } from "./fault-words.js";

/** A fault of the user's own: which calls, what happens, how often. */
export function FaultForm({ act }: { readonly act: SandboxState["act"] }) {
  const [form, setForm] = useState(EMPTY_FORM);
  const set = (change: Partial<FaultFormState>) => setForm({ ...form, ...change });
  // Only a practice commits.
  const kinds = (Object.keys(KINDS) as KindName[]).filter(
    (kind) => kind !== "lateCommit" || form.service === "PRACTICE",
  );

  function add(event: Event): void {
    event.preventDefault();
    const fault = toFault(form);
    void act(() => controlApi.addFault(fault), `Fault added. ${describeFault(fault)}.`);
  }

  return (
    <details class="fault-form">
      <summary>Add a fault</summary>
      <form onSubmit={add}>
        <label class="wide">
          <span class="field-label">Service</span>
          <select
            value={form.service}
            onChange={(event) => {
              const service = event.currentTarget.value as ServiceName;
              set({
                service,
                ...(form.kind === "lateCommit" && service !== "PRACTICE" && { kind: "status" }),
              });
            }}
          >
            {SERVICES.map((service) => (
              <option key={service} value={service}>
                {displayService(service)}
              </option>
            ))}
          </select>
        </label>
        <label class="wide">
          <span class="field-label">Kind</span>
          <select
            value={form.kind}
            onChange={(event) => set({ kind: event.currentTarget.value as KindName })}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {KINDS[kind].title}
              </option>
            ))}
          </select>
        </label>
        {needsField(form.kind, "status") && (
          <Field
            label="Status"
            value={form.status}
            bounds={[200, 599]}
            onInput={(status) => set({ status })}
          />
        )}
        {needsField(form.kind, "delayMs") && (
          <Field
            label="Delay (ms)"
            value={form.delayMs}
            bounds={[0, 3_600_000]}
            onInput={(delayMs) => set({ delayMs })}
          />
        )}
        <Field
          label="Practice"
          value={form.odsCode}
          emptyMeans="any"
          onInput={(odsCode) => set({ odsCode })}
        />
        <Field
          label="Interaction"
          value={form.interaction}
          emptyMeans="any"
          onInput={(interaction) => set({ interaction })}
        />
        <Field
          label="Share (%)"
          value={form.share}
          emptyMeans="100"
          bounds={[0, 100]}
          onInput={(share) => set({ share })}
        />
        <Field
          label="Times"
          value={form.times}
          emptyMeans="no end"
          bounds={[1, 1_000_000]}
          onInput={(times) => set({ times })}
        />
        <button type="submit">Add fault</button>
      </form>
    </details>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  /** What an empty field means. A field without this must be filled in. */
  readonly emptyMeans?: string;
  /** The bounds of a number. Without them the field takes text. */
  readonly bounds?: readonly [min: number, max: number];
  readonly onInput: (value: string) => void;
}

function Field({ label, value, emptyMeans, bounds, onInput }: FieldProps) {
  const attributes = {
    id: useId(),
    value,
    placeholder: emptyMeans,
    required: emptyMeans === undefined,
    autocomplete: "off",
    onInput: (event: TargetedEvent<HTMLInputElement>) => onInput(event.currentTarget.value),
  };
  return (
    <label htmlFor={attributes.id}>
      <span class="field-label">{label}</span>
      {bounds === undefined ? (
        <input type="text" spellcheck={false} {...attributes} />
      ) : (
        <input type="number" min={bounds[0]} max={bounds[1]} {...attributes} />
      )}
    </label>
  );
}
