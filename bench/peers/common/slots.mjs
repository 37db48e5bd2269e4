import { findPractice } from "./directory.mjs";
import { toName } from "./patients.mjs";
import { callPractice } from "./practice-call.mjs";
import { reuse } from "./request-context.mjs";
import { UpstreamFailure } from "./upstream.mjs";

const FORTNIGHT_MS = 14 * 86_400_000;
const DELIVERY_CHANNEL = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-DeliveryChannel-2";
const INCLUDES = [
  "_include=Slot:schedule",
  "_include:recurse=Schedule:actor:Practitioner",
  "_include:recurse=Schedule:actor:Location",
  "_include:recurse=Location:managingOrganization",
  `searchFilter=${encodeURIComponent("https://fhir.nhs.uk/Id/ods-organization-code|A12345")}`,
].join("&");

/** The free slots of the next two weeks, in order of time. @param first at most so many. */
export async function freeSlots(context, odsCode, first) {
  // Shared within one request and never kept longer.
  const all = await reuse(context.requestCache, odsCode, Number.POSITIVE_INFINITY, () =>
    searchSlots(context, odsCode),
  );
  return first === undefined || first === null ? all : all.slice(0, first);
}

async function searchSlots(context, odsCode) {
  const practice = await findPractice(context, odsCode);
  const now = Math.ceil(Date.now() / 1000) * 1000;
  const start = encodeURIComponent(`ge${toTime(now)}`);
  const end = encodeURIComponent(`le${toTime(now + FORTNIGHT_MS)}`);
  const bundle = await callPractice(context, practice, {
    interaction: "search:slot-1",
    scope: "organization/*.read",
    path: `Slot?status=free&start=${start}&end=${end}&${INCLUDES}`,
  });
  return toSlots(bundle, odsCode);
}

function toTime(at) {
  return new Date(at).toISOString().replace(".000Z", "+00:00");
}

function toSlots(bundle, odsCode) {
  if (bundle?.resourceType !== "Bundle") throw new UpstreamFailure("SSP", 200);
  const others = new Map();
  const slots = [];
  for (const { resource } of bundle.entry ?? []) {
    if (resource.resourceType !== "Slot") others.set(`${resource.resourceType}/${resource.id}`, resource);
    else if (resource.status === "free") slots.push(resource);
  }
  const sessions = new Map();
  const sessionOf = (reference) => {
    let session = sessions.get(reference);
    if (session === undefined) {
      session = toSession(others, reference);
      sessions.set(reference, session);
    }
    return session;
  };
  return slots
    .map((slot) => toSlot(slot, sessionOf(slot.schedule?.reference), odsCode))
    .sort((a, b) => a.at - b.at);
}

function toSession(others, reference) {
  const schedule = others.get(reference);
  const actors = schedule?.actor?.map((actor) => others.get(actor.reference)).filter(Boolean) ?? [];
  const practitioner = actors.find(({ resourceType }) => resourceType === "Practitioner");
  const location = actors.find(({ resourceType }) => resourceType === "Location");
  return {
    practitionerId: practitioner?.id,
    practitioner: practitioner ? { name: toName(practitioner.name?.[0])?.display ?? null } : null,
    locationId: location?.id,
    location: location ? { name: location.name ?? null } : null,
  };
}

function toSlot({ id, start, end, serviceType, extension }, session, odsCode) {
  const at = Date.parse(start);
  return {
    at,
    id: [odsCode, id, start, end, session.locationId, session.practitionerId].join("~"),
    start,
    end,
    durationMinutes: Math.round((Date.parse(end) - at) / 60_000),
    deliveryChannel: extension?.find(({ url }) => url === DELIVERY_CHANNEL)?.valueCode ?? null,
    type: serviceType?.[0]?.text ?? null,
    practitioner: session.practitioner,
    location: session.location,
  };
}
