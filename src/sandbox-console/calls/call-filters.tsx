import { SERVICES } from "../api/fault.js";
import type { JournalEntry } from "../api/journal-entry.js";
import { displayService } from "../service-words.js";
import { type CallFilter, listRules } from "./call-filter.js";
import type { Outcome } from "./call-words.js";

const OUTCOMES: readonly (readonly [Outcome, string])[] = [
  ["accepted", "Accepted"],
  ["refused", "Refused"],
  ["none", "No response"],
  ["pending", "Waiting"],
];

interface Props {
  readonly journal: readonly JournalEntry[];
  readonly filter: CallFilter;
  readonly onFilter: (filter: CallFilter) => void;
}

/** The controls that narrow the list of calls. */
export function CallFilters({ journal, filter, onFilter }: Props) {
  const rules = listRules(journal);
  const set = (change: Partial<CallFilter>) => onFilter({ ...filter, ...change });
  return (
    // biome-ignore lint/a11y/useSemanticElements: `search` is not yet known to all browsers that the page supports.
    <div class="filters" role="search" aria-label="Filter of the calls">
      <Choice
        label="Service"
        value={filter.service}
        options={SERVICES.map((service) => [service, displayService(service)] as const)}
        onChoose={(service) => set({ service })}
      />
      <Choice
        label="Outcome"
        value={filter.outcome}
        options={OUTCOMES}
        onChoose={(outcome) => set({ outcome })}
      />
      <Choice
        label="Rule"
        value={filter.rule}
        options={(rules.includes(filter.rule) || filter.rule === "" ? rules : [...rules, filter.rule]).map(
          (rule) => [rule, rule] as const,
        )}
        onChoose={(rule) => set({ rule })}
      />
      <input
        type="search"
        aria-label="Search in practice, path and reason"
        placeholder="Practice, path, reason"
        value={filter.text}
        onInput={(event) => set({ text: event.currentTarget.value })}
      />
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value | "";
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChoose: (value: Value | "") => void;
}

function Choice<Value extends string>({ label, value, options, onChoose }: ChoiceProps<Value>) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value as Value | "")}>
        <option value="">all</option>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
