import { useState } from "preact/hooks";
import type { Personas } from "./personas.js";

interface Props {
  readonly personas: Personas;
  /** What selecting one does, in a sentence. */
  readonly hint: string;
  /** Returns the text that a screen reader announces. */
  readonly onSelect: (name: "nhsNumber" | "odsCode", value: string) => string | Promise<string>;
}

/** The patients and practices of the sandbox, as buttons in the sidebar. */
export function PersonaList({ personas, hint, onSelect }: Props) {
  const [status, setStatus] = useState("");
  async function select(name: "nhsNumber" | "odsCode", value: string): Promise<void> {
    setStatus(await onSelect(name, value));
  }
  return (
    <details class="sidebar-group">
      <summary>
        <h2>Sandbox patients and practices</h2>
      </summary>
      <p class="quiet">All are synthetic. {hint}</p>
      <h3>Patients</h3>
      <ul>
        {personas.patients.map((patient) => (
          <Persona
            key={patient.nhsNumber}
            number={patient.nhsNumber}
            name={patient.name}
            description={patient.case}
            onSelect={() => void select("nhsNumber", patient.nhsNumber)}
          />
        ))}
      </ul>
      <h3>Practices</h3>
      <ul>
        {personas.practices.map((practice) => (
          <Persona
            key={practice.odsCode}
            number={practice.odsCode}
            name={practice.name}
            description={practice.case}
            onSelect={() => void select("odsCode", practice.odsCode)}
          />
        ))}
      </ul>
      <p class="visually-hidden" role="status">
        {status}
      </p>
    </details>
  );
}

interface PersonaProps {
  readonly number: string;
  readonly name: string;
  readonly description: string;
  readonly onSelect: () => void;
}

function Persona({ number, name, description, onSelect }: PersonaProps) {
  return (
    <li>
      <button type="button" class="persona" onClick={onSelect}>
        <span class="persona-head">
          <span>{name}</span> <code>{number}</code>
        </span>
        <span class="persona-description">{description}</span>
      </button>
    </li>
  );
}
