import { useId } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A switch: a button that says whether something is on. */
export function Switch({ label, description, isOn, onChange }: Props) {
  const id = useId();
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={isOn}
      aria-labelledby={`${id}-label`}
      aria-describedby={description === undefined ? undefined : `${id}-description`}
      onClick={() => onChange(!isOn)}
    >
      <span class="switch-track" aria-hidden="true" />
      <span class="switch-text">
        <span class="switch-label" id={`${id}-label`}>
          {label}
        </span>
        {description !== undefined && (
          <span class="switch-description" id={`${id}-description`}>
            {description}
          </span>
        )}
      </span>
    </button>
  );
}
