import { useState } from "preact/hooks";
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
          <NumberField
            label="Status"
            value={form.status}
            min={200}
            max={599}
            required
            onInput={(status) => set({ status })}
          />
        )}
        {needsField(form.kind, "delayMs") && (
          <NumberField
            label="Delay (ms)"
            value={form.delayMs}
            min={0}
            max={3_600_000}
            required
            onInput={(delayMs) => set({ delayMs })}
          />
        )}
        <TextField label="Practice" hint="any" value={form.odsCode} onInput={(odsCode) => set({ odsCode })} />
        <TextField
          label="Interaction"
          hint="any"
          value={form.interaction}
          onInput={(interaction) => set({ interaction })}
        />
        <NumberField
          label="Share (%)"
          hint="100"
          value={form.share}
          min={0}
          max={100}
          onInput={(share) => set({ share })}
        />
        <NumberField
          label="Times"
          hint="no end"
          value={form.times}
          min={1}
          max={1_000_000}
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
  /** What an empty field means. */
  readonly hint?: string;
  readonly onInput: (value: string) => void;
}

function TextField({ label, value, hint, onInput }: FieldProps) {
  return (
    <label>
      <span class="field-label">{label}</span>
      <input
        type="text"
        value={value}
        placeholder={hint}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}

interface NumberFieldProps extends FieldProps {
  readonly min: number;
  readonly max: number;
  readonly required?: boolean;
}

function NumberField({ label, value, hint, min, max, required, onInput }: NumberFieldProps) {
  return (
    <label>
      <span class="field-label">{label}</span>
      <input
        type="number"
        value={value}
        placeholder={hint}
        min={min}
        max={max}
        required={required}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
