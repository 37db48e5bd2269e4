import { findPractice } from "./directory.mjs";
import { toName } from "./patients.mjs";
import { callPractice } from "./practice-call.mjs";
import { reuse } from "./request-context.mjs";
import { UpstreamFailure } from "./upstream.mjs";

const FORTNIGHT_MS = 14 * 86_400_000;
const DELIVERY_CHANNEL = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-DeliveryChannel-2";
const PRACTITIONER_ROLE =
  "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-PractitionerRole-1";
const INCLUDES = [
  "_include=Slot:schedule",
  "_include:recurse=Schedule:actor:Practitioner",
  "_include:recurse=Schedule:actor:Location",
  "_include:recurse=Location:managingOrganization",
  `searchFilter=${encodeURIComponent("https://fhir.nhs.uk/Id/ods-organization-code|A12345")}`,
].join("&");

/** The free slots of the next two weeks, in order of time. @param first at most so many. */
export async function freeSlots(context, odsCode, first) {
  const { slots } = await loadSearch(context, odsCode);
  return (first === undefined || first === null ? slots : slots.slice(0, first)).map(withId);
}

/** One search for all fields that need it. Shared within one request and never kept longer. */
export function loadSearch(context, odsCode) {
  const search = () => searchSlots(context, odsCode);
  return reuse(context.requestCache, odsCode, Number.POSITIVE_INFINITY, search);
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
  return toSearch(bundle, odsCode);
}

function toTime(at) {
  return new Date(at).toISOString().replace(".000Z", "+00:00");
}

function toSearch(bundle, odsCode) {
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
  const practice = [...others.values()].find(
    ({ resourceType, identifier }) =>
      resourceType === "Organization" && identifier?.some(({ value }) => value === odsCode),
  );
  return {
    practiceName: practice?.name ?? null,
    slots: slots
      .map((slot) => toSlot(slot, sessionOf(slot.schedule?.reference), odsCode))
      .sort((a, b) => a.at - b.at),
  };
}

function toSession(others, reference) {
  const schedule = others.get(reference);
  const actors = schedule?.actor?.map((actor) => others.get(actor.reference)).filter(Boolean) ?? [];
  const practitioner = actors.find(({ resourceType }) => resourceType === "Practitioner");
  const location = actors.find(({ resourceType }) => resourceType === "Location");
  return {
    practitionerId: practitioner?.id,
    practitioner: practitioner ? toPractitioner(practitioner, schedule) : null,
    locationId: location?.id,
    location: location ? { name: location.name ?? null, address: toAddress(location.address) } : null,
  };
}

function toPractitioner({ name }, schedule) {
  const role = schedule.extension?.find(({ url }) => url === PRACTITIONER_ROLE);
  const coding = role?.valueCodeableConcept?.coding?.[0];
  return {
    name: toName(name?.[0])?.display ?? null,
    role: coding === undefined ? null : { display: coding.display ?? null },
  };
}

function toAddress(address) {
  if (address === undefined) return null;
  const { line = [], city, district, postalCode } = address;
  return [...line, city, district, postalCode].filter(Boolean).join(", ");
}

function toSlot({ id, start, end, serviceType, extension }, session, odsCode) {
  const at = Date.parse(start);
  return {
    at,
    localId: id,
    odsCode,
    session,
    start,
    end,
    durationMinutes: Math.round((Date.parse(end) - at) / 60_000),
    deliveryChannel: extension?.find(({ url }) => url === DELIVERY_CHANNEL)?.valueCode ?? null,
    type: serviceType?.[0]?.text ?? null,
    practitioner: session.practitioner,
    location: session.location,
  };
}

/** The id has all that a booking needs. Only slots that are given out get one. */
function withId(slot) {
  const { odsCode, localId, start, end, session } = slot;
  return {
    ...slot,
    id: [odsCode, localId, start, end, session.locationId, session.practitionerId].join("~"),
  };
}
