import { controlApi, type Presets } from "../api/control-api.js";
import type { Fault, ListedFault } from "../api/fault.js";
import { displayService } from "../service-words.js";
import { SidebarGroup } from "../sidebar-group.js";
import { Switch } from "../switch.js";
import type { SandboxState } from "../use-sandbox.js";
import { FaultForm } from "./fault-form.js";
import { activeIds, SERVICE_DOWN } from "./fault-switch.js";
import { describeFault } from "./fault-words.js";

interface Props {
  readonly presets: Presets;
  readonly faults: readonly ListedFault[];
  readonly act: SandboxState["act"];
}

/** Switches for the presets and for each service, a form for other faults, and the active ones. */
export function FaultControls({ presets, faults, act }: Props) {
  function turn(name: string, added: readonly Fault[], add: () => Promise<unknown>, isOn: boolean): void {
    const ids = activeIds(added, faults) ?? [];
    const remove = async () => {
      for (const id of ids) await controlApi.removeFault(id);
    };
    void act(isOn ? add : remove, `${name} is ${isOn ? "on" : "off"}.`);
  }

  return (
    <>
      <SidebarGroup title="Presets" isOpen>
        {Object.entries(presets).map(([name, added]) => (
          <Switch
            key={name}
            label={name}
            description={added.map(describeFault).join("; ")}
            isOn={activeIds(added, faults) !== undefined}
            onChange={(isOn) => turn(name, added, () => controlApi.applyPreset(name), isOn)}
          />
        ))}
      </SidebarGroup>
      <SidebarGroup title={`Faults (${faults.length} active)`}>
        <fieldset class="service-switches">
          <legend>Down: every connection is reset</legend>
          {SERVICE_DOWN.map((fault) => {
            const name = displayService(fault.service);
            return (
              <Switch
                key={fault.service}
                label={name}
                isOn={activeIds([fault], faults) !== undefined}
                onChange={(isOn) => turn(`${name} down`, [fault], () => controlApi.addFault(fault), isOn)}
              />
            );
          })}
        </fieldset>
        <FaultForm act={act} />
        <ActiveFaults faults={faults} act={act} />
      </SidebarGroup>
    </>
  );
}

function ActiveFaults({ faults, act }: Omit<Props, "presets">) {
  if (faults.length === 0) return <p class="quiet">No fault is active.</p>;
  return (
    <>
      <h3 id="active-faults">Active, in order</h3>
      <ol class="active-faults" aria-labelledby="active-faults">
        {faults.map((fault) => (
          <li key={fault.id}>
            <span>{describeFault(fault)}</span>
            <button
              type="button"
              aria-label={`Remove the fault: ${describeFault(fault)}`}
              onClick={() => void act(() => controlApi.removeFault(fault.id), "The fault was removed.")}
            >
              Remove
            </button>
          </li>
        ))}
      </ol>
      <button
        type="button"
        class="remove-all"
        onClick={() => void act(controlApi.clearFaults, "No fault is active.")}
      >
        Remove all
      </button>
    </>
  );
}
