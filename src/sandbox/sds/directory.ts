import { PRACTICES, type Practice } from "../personas/practices.js";
import type { Population } from "../population/population.js";
import { INTERACTION_IDS } from "../shared/interactions.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";

/** An AS record: one system accredited at one organisation (SDS notes, section 2). */
export interface AccreditedSystem {
  readonly asid: string;
  readonly odsCode: string;
  readonly partyKey: string;
  readonly manufacturer: string;
  readonly interactions: readonly string[];
}

/** An MHS record: the address of one interaction of a party. */
export interface MessageHandler {
  /** Id of the registration, which is not an ASID. */
  readonly id: string;
  readonly odsCode: string;
  readonly partyKey: string;
  readonly interaction: string;
  readonly address: string;
}

/** What a look-up knows of the organisation that it looks for. */
export interface DirectoryHint {
  readonly odsCode?: string | undefined;
  readonly asid?: string | undefined;
  readonly partyKey?: string | undefined;
  /** An absolute URL below the service root of the organisation. */
  readonly target?: string | undefined;
}

/** The entries of the directory. Those of generated practices appear only with a hint that names the practice. */
export interface Directory {
  systems(hint: DirectoryHint): readonly AccreditedSystem[];
  handlers(hint: DirectoryHint): readonly MessageHandler[];
}

/** Spine's directory entry for Visitors & Migrants (SDS notes, section 5.4). */
export const SPINE = {
  odsCode: "YES",
  partyKey: "YES-0000806",
  asid: "928942012545",
  /** The directory's form ends in `:1`; the `Ssp-InteractionID` header's does not. */
  migrantsInteraction: "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1",
} as const;

/** Interactions of Spine's systems besides Visitors & Migrants. */
const SPINE_INTERACTIONS = 300;

/** Port 1 needs root to open and nothing listens on it, so connections are refused at once. */
const REFUSING_ORIGIN = "http://127.0.0.1:1";

/** Creates the directory from the origins of the other services. */
export function createDirectory(
  origins: { readonly practices: string; readonly visitorsAndMigrants: string },
  consumer: { readonly asid: string; readonly odsCode: string },
  profileOf: (practice: Practice) => SupplierProfile,
  population: Population,
): Directory {
  const listed = PRACTICES.filter(({ behaviour }) => behaviour !== "unlisted");
  const own = {
    asid: consumer.asid,
    odsCode: consumer.odsCode,
    partyKey: `${consumer.odsCode}-890001`,
    manufacturer: "TSUP9",
    interactions: INTERACTION_IDS,
  };
  const fixed = {
    systems: [
      ...listed.flatMap((practice) => practiceSystems(practice, profileOf(practice))),
      ...spineSystems(),
      own,
    ],
    handlers: [
      ...listed.flatMap((practice) => practiceHandlers(practice, profileOf(practice), origins.practices)),
      {
        id: "S20002A000806",
        odsCode: SPINE.odsCode,
        partyKey: SPINE.partyKey,
        interaction: SPINE.migrantsInteraction,
        address: origins.visitorsAndMigrants,
      },
    ],
  };
  const generated = (hint: DirectoryHint) => population.generatedPractice(namedBy(hint));
  return {
    systems: (hint) => {
      const practice = generated(hint);
      return practice ? practiceSystems(practice, profileOf(practice)) : fixed.systems;
    },
    handlers: (hint) => {
      const practice = generated(hint);
      return practice ? practiceHandlers(practice, profileOf(practice), origins.practices) : fixed.handlers;
    },
  };
}

/** Party keys begin with the ODS code, and so does the path of a service root URL. */
function namedBy({ odsCode, asid, partyKey, target }: DirectoryHint): { odsCode?: string; asid?: string } {
  if (asid !== undefined) return { asid };
  const code =
    odsCode ?? partyKey?.toUpperCase().split("-")[0] ?? /^http:\/\/[^/]+\/(\w+)\//.exec(target ?? "")?.[1];
  return code === undefined ? {} : { odsCode: code };
}

/** The registered service root URL of a practice. */
function serviceRoot({ odsCode, behaviour }: Practice, origin: string): string {
  if (behaviour === "no-address") return "";
  const root = `${behaviour === "down" ? REFUSING_ORIGIN : origin}/${odsCode}/STU3/1/gpconnect/fhir`;
  return behaviour === "trailing-slash" ? `${root}/` : root;
}

function practiceHandlers(practice: Practice, profile: SupplierProfile, origin: string): MessageHandler[] {
  const { odsCode, partyKey } = practice;
  const address = serviceRoot(practice, origin);
  return interactionIdsOf(profile).map((interaction, index) => ({
    id: `S2000${odsCode}${String(index).padStart(3, "0")}`,
    odsCode,
    partyKey,
    interaction,
    address,
  }));
}

function practiceSystems(
  { odsCode, partyKey, asid, behaviour }: Practice,
  profile: SupplierProfile,
): AccreditedSystem[] {
  const interactions = interactionIdsOf(profile);
  const provider = { asid, odsCode, partyKey, manufacturer: "TSUP1", interactions };
  if (behaviour !== "good") return [provider];
  // A consumer-only portal comes first: a consumer that takes the first Device uses the wrong ASID.
  const portal = { asid: "918000990001", odsCode, partyKey: `${odsCode}-890002`, manufacturer: "TSUP2" };
  return [{ ...portal, interactions }, provider];
}

/** The interactions of HealthcareService exist only since 1.2.8. */
function interactionIdsOf({ serviceFiltering }: SupplierProfile): readonly string[] {
  return serviceFiltering
    ? INTERACTION_IDS
    : INTERACTION_IDS.filter((interaction) => !interaction.includes(":healthcareservice-"));
}

/** Two systems share Spine's party key; only one serves Visitors & Migrants. */
function spineSystems(): AccreditedSystem[] {
  const { odsCode, partyKey, asid } = SPINE;
  const common = { odsCode, partyKey, manufacturer: "X09001" };
  // The real Device of Spine lists hundreds of interactions, which makes its response large.
  const others = Array.from(
    { length: SPINE_INTERACTIONS },
    (_, index) => `urn:nhs:names:services:pds:QUPA_IN${String(index + 1).padStart(6, "0")}UK02`,
  );
  return [
    { ...common, asid: "227319907548", interactions: others },
    { ...common, asid, interactions: [...others, SPINE.migrantsInteraction] },
  ];
}
