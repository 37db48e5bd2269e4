import { findPractice } from "./directory.mjs";
import { callPractice } from "./practice-call.mjs";
import { reuse } from "./request-context.mjs";
import { settings } from "./settings.mjs";
import { loadSearch } from "./slots.mjs";
import { UpstreamFailure } from "./upstream.mjs";

/** Shared by all requests. */
const statements = new Map();

/** The capability statement of a practice, kept for hours. */
export function loadCapabilities(context, odsCode) {
  return reuse(context.cache && statements, odsCode, settings.capabilitiesCacheMs, async () => {
    const practice = await findPractice(context, odsCode);
    const statement = await callPractice(context, practice, {
      interaction: "read:metadata-1",
      scope: "organization/*.read",
      path: "metadata",
    });
    if (statement?.resourceType !== "CapabilityStatement") throw new UpstreamFailure("SSP", 200);
    return toCapabilities(statement);
  });
}

/** Comes with the slots; a service that shares nothing between fields needs a call of its own. */
export async function loadName(context, odsCode) {
  if (context.cache !== undefined) return (await loadSearch(context, odsCode)).practiceName;
  const practice = await findPractice(context, odsCode);
  const bundle = await callPractice(context, practice, {
    interaction: "search:organization-1",
    scope: "organization/*.read",
    path: `Organization?identifier=https://fhir.nhs.uk/Id/ods-organization-code%7C${odsCode}`,
  });
  return bundle?.entry?.[0]?.resource?.name ?? null;
}

function toCapabilities({ version, rest }) {
  const supports = (type, code) =>
    rest?.some(({ resource }) =>
      resource?.some((one) => one.type === type && one.interaction?.some((each) => each.code === code)),
    ) ?? false;
  return {
    gpConnectVersion: version ?? null,
    canBookAppointments: supports("Slot", "search-type") && supports("Appointment", "create"),
  };
}
