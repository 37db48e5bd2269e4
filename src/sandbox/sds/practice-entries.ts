import type { Practice } from "../personas/practices.js";
import { INTERACTION_IDS } from "../shared/interactions.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import type { AccreditedSystem, MessageHandler } from "./directory-records.js";

/** Port 1 needs root to open and nothing listens on it, so connections are refused at once. */
const REFUSING_HOST = "127.0.0.1:1";

/**
 * The directory entries of a practice, with the faults of registration that real directories have (SDS notes, 5.5).
 *
 * @param moves how often the practice has moved to another supplier.
 */
export function practiceEntries(
  practice: Practice,
  profile: SupplierProfile,
  origin: string,
  moves: number,
): { readonly systems: readonly AccreditedSystem[]; readonly handlers: readonly MessageHandler[] } {
  const { odsCode, behaviour } = practice;
  const interactions = interactionIdsOf(profile);
  const { asid, partyKey } = identifiers(practice, moves);
  const provider = { asid, odsCode, partyKey, manufacturer: `TSUP${moves + 1}`, interactions };
  const current = { odsCode, partyKey, address: serviceRoot(practice, origin, moves) };
  const handlers = handlersOf(interactions, current);
  switch (behaviour) {
    case "good":
      // A consumer-only portal comes first: a consumer that takes the first Device uses the wrong ASID.
      return { systems: [portalOf(odsCode, interactions), provider], handlers };
    case "consumer-only":
      return { systems: [portalOf(odsCode, interactions)], handlers: [] };
    case "no-system":
      return { systems: [], handlers };
    case "two-suppliers": {
      const left = identifiers(practice, moves + 5);
      const old = { odsCode, partyKey: left.partyKey, address: `${refusing(origin)}/${odsCode}/old/fhir` };
      return { systems: [provider], handlers: [...handlersOf(interactions, old), ...handlers] };
    }
    case "ambiguous": {
      const second = { ...current, address: `${origin}/${odsCode}/STU3/1/gpconnect/s9/fhir` };
      const other = { ...provider, asid: identifiers(practice, moves + 5).asid };
      return { systems: [provider, other], handlers: [...handlers, ...handlersOf(interactions, second)] };
    }
    default:
      return { systems: [provider], handlers };
  }
}

/** Each supplier registers the practice with an ASID and a party key of its own. */
function identifiers(
  { odsCode, asid, partyKey }: Practice,
  moves: number,
): { asid: string; partyKey: string } {
  if (moves === 0) return { asid, partyKey };
  const digits = odsCode.slice(1);
  return { asid: `918000${moves % 10}${digits}`, partyKey: `${odsCode}-7${moves}${digits.slice(1)}` };
}

/** An origin that refuses connections, of the scheme of another. */
function refusing(origin: string): string {
  return origin.replace(/[^/]+$/, REFUSING_HOST);
}

/** The registered service root URL of a practice. */
function serviceRoot({ odsCode, behaviour }: Practice, origin: string, moves: number): string {
  if (behaviour === "no-address") return "";
  const supplier = moves === 0 ? "" : `/s${moves}`;
  const path = `${odsCode}/STU3/1/gpconnect${supplier}/fhir`;
  const root = `${behaviour === "down" ? refusing(origin) : origin}/${path}`;
  return behaviour === "trailing-slash" ? `${root}/` : root;
}

function handlersOf(
  interactions: readonly string[],
  entry: Pick<MessageHandler, "odsCode" | "partyKey" | "address">,
): MessageHandler[] {
  const party = entry.partyKey.split("-")[1];
  return interactions.map((interaction, index) => ({
    id: `S2000${entry.odsCode}${party}${String(index).padStart(3, "0")}`,
    ...entry,
    interaction,
  }));
}

function portalOf(odsCode: string, interactions: readonly string[]): AccreditedSystem {
  const partyKey = `${odsCode}-890002`;
  return { asid: "918000990001", odsCode, partyKey, manufacturer: "TSUP2", interactions };
}

/** The interactions of HealthcareService exist only since 1.2.8. */
function interactionIdsOf({ serviceFiltering }: SupplierProfile): readonly string[] {
  return serviceFiltering
    ? INTERACTION_IDS
    : INTERACTION_IDS.filter((interaction) => !interaction.includes(":healthcareservice-"));
}
