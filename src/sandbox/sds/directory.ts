import { PRACTICES, type Practice } from "../personas/practices.js";
import type { Population } from "../population/population.js";
import { INTERACTION_IDS } from "../shared/interactions.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import type { AccreditedSystem, MessageHandler } from "./directory-records.js";
import { practiceEntries } from "./practice-entries.js";

export type { AccreditedSystem, MessageHandler };

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
  /** One for each registered address: two with the same id are one registration with two addresses. */
  handlers(hint: DirectoryHint): readonly MessageHandler[];
  /**
   * Moves a practice to another supplier: new ASID, party key and address. The old ones are gone at once.
   *
   * @throws RangeError for a practice that is not one of the personas in the directory
   */
  move(odsCode: string): void;
  /** Takes back all moves. */
  reset(): void;
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
const SPINE_INTERACTIONS = 477;

/** Creates the directory from the origins of the other services. */
export function createDirectory(
  origins: { readonly practices: string; readonly visitorsAndMigrants: string },
  consumer: { readonly asid: string; readonly odsCode: string },
  profileOf: (practice: Practice) => SupplierProfile,
  population: Population,
): Directory {
  const own = {
    asid: consumer.asid,
    odsCode: consumer.odsCode,
    partyKey: `${consumer.odsCode}-890001`,
    manufacturer: "TSUP9",
    interactions: INTERACTION_IDS,
  };
  const migrants = {
    id: "S20002A000806",
    odsCode: SPINE.odsCode,
    partyKey: SPINE.partyKey,
    interaction: SPINE.migrantsInteraction,
    address: origins.visitorsAndMigrants,
  };
  const listed = PRACTICES.filter(({ behaviour }) => behaviour !== "unlisted");
  const moves = new Map<string, number>();
  const entriesOf = (practice: Practice) =>
    practiceEntries(practice, profileOf(practice), origins.practices, moves.get(practice.odsCode) ?? 0);
  const createFixed = () => {
    const entries = listed.map(entriesOf);
    return {
      systems: [...entries.flatMap(({ systems }) => systems), ...spineSystems(), own],
      handlers: [...entries.flatMap(({ handlers }) => handlers), migrants],
    };
  };
  let fixed = createFixed();
  const found = (hint: DirectoryHint) => {
    const practice = population.generatedPractice(namedBy(hint));
    return practice ? entriesOf(practice) : fixed;
  };
  return {
    systems: (hint) => found(hint).systems,
    handlers: (hint) => found(hint).handlers,
    move: (odsCode) => {
      if (!listed.some((practice) => practice.odsCode === odsCode))
        throw new RangeError(`${odsCode} is not a practice persona in the directory`);
      moves.set(odsCode, (moves.get(odsCode) ?? 0) + 1);
      fixed = createFixed();
    },
    reset: () => {
      moves.clear();
      fixed = createFixed();
    },
  };
}

/** Party keys begin with the ODS code, and so does the path of a service root URL. */
function namedBy({ odsCode, asid, partyKey, target }: DirectoryHint): { odsCode?: string; asid?: string } {
  if (asid !== undefined) return { asid };
  const code =
    odsCode ?? partyKey?.toUpperCase().split("-")[0] ?? /^https?:\/\/[^/]+\/(\w+)\//.exec(target ?? "")?.[1];
  return code === undefined ? {} : { odsCode: code };
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
