import { useState } from "preact/hooks";
import type { Cast } from "./config.js";

interface Props {
  readonly cast: Cast;
  readonly onPut: (name: "nhsNumber" | "odsCode", value: string) => boolean;
}

/** The people and practices of the sandbox; a press puts the number into the variables. */
export function CastList({ cast, onPut }: Props) {
  const [said, setSaid] = useState("");
  function put(name: "nhsNumber" | "odsCode", value: string): void {
    setSaid(onPut(name, value) ? `${value} is in the variables` : `${value} has no place in the variables`);
  }
  return (
    <details class="cast">
      <summary>
        <h2>Sandbox cast</h2>
      </summary>
      <p class="quiet">All synthetic. A press puts the number into the variables.</p>
      <h3>Patients</h3>
      <ul>
        {cast.patients.map((patient) => (
          <CastMember
            key={patient.nhsNumber}
            number={patient.nhsNumber}
            name={patient.name}
            story={patient.case}
            onPress={() => put("nhsNumber", patient.nhsNumber)}
          />
        ))}
      </ul>
      <h3>Practices</h3>
      <ul>
        {cast.practices.map((practice) => (
          <CastMember
            key={practice.odsCode}
            number={practice.odsCode}
            name={practice.name}
            story={practice.case}
            onPress={() => put("odsCode", practice.odsCode)}
          />
        ))}
      </ul>
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </details>
  );
}

interface MemberProps {
  readonly number: string;
  readonly name: string;
  readonly story: string;
  readonly onPress: () => void;
}

function CastMember({ number, name, story, onPress }: MemberProps) {
  return (
    <li>
      <button type="button" class="member" onClick={onPress}>
        <span class="member-head">
          <span>{name}</span> <code>{number}</code>
        </span>
        <span class="member-story">{story}</span>
      </button>
    </li>
  );
}
