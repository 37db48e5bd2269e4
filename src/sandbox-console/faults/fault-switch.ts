import { type Fault, type ListedFault, SERVICES } from "../api/fault.js";

/** The fault of the switch that takes a service down: every connection is reset. */
export const SERVICE_DOWN = SERVICES.map((service) => ({ service, kind: "reset" }) as const);

/**
 * The ids of the active faults that a switch with these faults has added. Undefined when one of them is not active: the
 * switch is off.
 */
export function activeIds(
  faults: readonly Fault[],
  active: readonly ListedFault[],
): readonly string[] | undefined {
  const ids: string[] = [];
  for (const fault of faults) {
    const found = active.find((one) => !ids.includes(one.id) && isSameFault(one, fault));
    if (found === undefined) return undefined;
    ids.push(found.id);
  }
  return ids;
}

function isSameFault({ id: _id, remaining: _remaining, ...fault }: ListedFault, other: Fault): boolean {
  return canonical(fault) === canonical(other);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
