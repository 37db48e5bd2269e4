import { useState } from "preact/hooks";
import type { Personas } from "./config.js";

interface Props {
  readonly personas: Personas;
  readonly onInsert: (name: "nhsNumber" | "odsCode", value: string) => boolean;
}

/** The patients and practices of the sandbox. Selecting one puts its number into the variables. */
export function PersonaList({ personas, onInsert }: Props) {
  const [status, setStatus] = useState("");
  function insert(name: "nhsNumber" | "odsCode", value: string): void {
    setStatus(
      onInsert(name, value)
        ? `${value} is now in the variables`
        : `This operation has no variable for ${value}`,
    );
  }
  return (
    <details class="personas">
      <summary>
        <h2>Sandbox patients and practices</h2>
      </summary>
      <p class="quiet">All are synthetic. Select one to put its number into the variables.</p>
      <h3>Patients</h3>
      <ul>
        {personas.patients.map((patient) => (
          <Persona
            key={patient.nhsNumber}
            number={patient.nhsNumber}
            name={patient.name}
            description={patient.case}
            onSelect={() => insert("nhsNumber", patient.nhsNumber)}
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
            onSelect={() => insert("odsCode", practice.odsCode)}
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
