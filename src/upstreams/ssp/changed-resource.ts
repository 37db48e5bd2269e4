import type { AppointmentChanges } from "./gp-connect-client.js";
import { EXTENSION, isRecord, type Json, records } from "./wire.js";

/**
 * The resource to PUT for a cancellation: as received, except for status and reason (GP Connect notes, section 8.8).
 * Practices compare everything else with what they hold.
 */
export function toCancelledResource(received: Json, reason: string): Json {
  const cancellation = { url: EXTENSION.cancellationReason, valueString: reason };
  const rest = withoutReason(received);
  return { ...rest, status: "cancelled", extension: [...records(rest.extension), cancellation] };
}

/**
 * The resource to PUT for an amendment: as received, except for description and comment (section 8.7). FHIR has no
 * empty strings, so an empty comment removes the element. A cancellation reason must not be sent.
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
 * Removes extensions with neither value nor children, at every depth. Some systems send such extensions, and refuse
 * them when they are sent back (section 8.7).
 */
function stripValuelessExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripValuelessExtensions);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const clean = stripValuelessExtensions(member);
    if (name !== "extension") return [[name, clean]];
    const extensions = records(clean).filter(hasContent);
    return extensions.length > 0 ? [[name, extensions]] : [];
  });
  // Assignment would set the prototype for a member called `__proto__`, and lose the member.
  return Object.fromEntries(members);
}

/** Far more than any resource has, and few enough to copy and serialise recursively. */
const MOST_LEVELS = 100;

/** Whether a resource can be sent back. A parser accepts any depth of nesting; our copy and serialisation do not. */
export function canBeSentBack(resource: Json): boolean {
  let level: unknown[] = [resource];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return false;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return true;
}

function hasContent(extension: Json): boolean {
  return Object.keys(extension).some((name) => name === "extension" || /^_?value/.test(name));
}
