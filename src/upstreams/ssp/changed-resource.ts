import type { AppointmentChanges } from "./gp-connect-client.js";
import { EXTENSION, isRecord, type Json, records } from "./wire.js";

/**
 * The resource to PUT for a cancellation: as received, but for status and reason (GP Connect notes, section 8.8).
 * Practices compare all the rest with what they hold.
 */
export function toCancelledResource(received: Json, reason: string): Json {
  const cancellation = { url: EXTENSION.cancellationReason, valueString: reason };
  const rest = withoutReason(received);
  return { ...rest, status: "cancelled", extension: [...records(rest.extension), cancellation] };
}

/**
 * The resource to PUT for an amendment: as received, but for description and comment (section 8.7). FHIR has no
 * empty strings, so an empty comment takes the element away. A cancellation reason may not come along.
 */
export function toAmendedResource(received: Json, changes: AppointmentChanges): Json {
  const amended: Record<string, unknown> = { ...withoutReason(received) };
  if (changes.description !== undefined) amended.description = changes.description;
  if (changes.comment !== undefined) amended.comment = changes.comment;
  if (amended.comment === "") delete amended.comment;
  return amended;
}

function withoutReason(received: Json): Json {
  const resource = stripValuelessExtensions(received);
  const isReason = ({ url }: Json) => url === EXTENSION.cancellationReason;
  if (!isRecord(resource)) return received;
  if (!records(resource.extension).some(isReason)) return resource;
  const { extension, ...rest } = resource;
  const others = records(extension).filter((one) => !isReason(one));
  return others.length === 0 ? rest : { ...rest, extension: others };
}

/**
 * Takes out extensions with neither value nor children, at every depth: some systems send such, and refuse them
 * when they come back (section 8.7).
 */
function stripValuelessExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripValuelessExtensions);
  if (!isRecord(value)) return value;
  const stripped: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const clean = stripValuelessExtensions(member);
    if (name !== "extension") stripped[name] = clean;
    else if (records(clean).some(says)) stripped[name] = records(clean).filter(says);
  }
  return stripped;
}

function says(extension: Json): boolean {
  return Object.keys(extension).some((name) => name === "extension" || /^_?value/.test(name));
}
