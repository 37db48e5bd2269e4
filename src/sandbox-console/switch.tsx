interface Props {
  readonly label: string;
  readonly description?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A switch: a button that says whether something is on. */
export function Switch({ label, description, isOn, onChange }: Props) {
  return (
    <button type="button" role="switch" class="switch" aria-checked={isOn} onClick={() => onChange(!isOn)}>
      <span class="switch-track" aria-hidden="true" />
      <span class="switch-text">
        <span class="switch-label">{label}</span>
        {description !== undefined && <span class="switch-description">{description}</span>}
      </span>
    </button>
  );
}
