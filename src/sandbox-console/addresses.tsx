import type { Description } from "./api/control-api.js";
import { SidebarGroup } from "./sidebar-group.js";

interface Props {
  readonly description: Description;
  readonly onCopy: (text: string) => void;
}

/** Where consumers send their calls. */
export function Addresses({ description, onCopy }: Props) {
  const { urls, seed, profile } = description;
  const rows = [
    ["PDS", urls.pds],
    ["PDS tokens", urls.pdsToken],
    ["SDS", urls.sds],
    ["SDS by LDAP", urls.ldap],
    ["SSP", urls.ssp],
    ["V&M", urls.vm],
  ] as const;
  return (
    <SidebarGroup title="Addresses">
      <p class="quiet">Select one to copy it. Practices are reached through SSP.</p>
      <ul>
        {rows.map(([name, url]) => (
          <li key={name}>
            <button type="button" class="persona" onClick={() => onCopy(url)}>
              <span class="persona-head">{name}</span>
              <code class="persona-description address">{url}</code>
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet">
        Seed <code>{seed}</code>, profile <code>{profile}</code>. The{" "}
        <a href="/__sandbox/openapi.json">control API</a> does the same as this page.
      </p>
    </SidebarGroup>
  );
}
