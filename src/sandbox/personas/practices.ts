import type { SupplierProfileName } from "../suppliers/supplier-profile.js";

/** A surgery of a practice. */
export interface Branch {
  readonly name: string;
  readonly lines: readonly string[];
  readonly city: string;
  readonly postalCode: string;
  readonly phone: string;
}

/** How a practice behaves. */
export type PracticeBehaviour =
  | "good"
  | "down"
  | "slow"
  | "switched-off"
  | "no-agreement"
  | "fully-booked"
  | "unlisted"
  | "trailing-slash"
  | "no-address"
  | "unbuildable"
  | "two-suppliers"
  | "consumer-only"
  | "no-system"
  | "ambiguous"
  | "visits"
  | "plain";

/** Rules of a practice that withhold slots or refuse bookings. */
export interface BookingRules {
  /** The embargo: slots are offered and can be booked only this many hours before they start. */
  readonly releaseHoursBefore: number;
  /** How many booked appointments a booking organisation may have. */
  readonly limitPerOrganisation: number;
}

/** A synthetic practice. */
export interface Practice {
  readonly odsCode: string;
  readonly name: string;
  /** The case that this practice represents, in one sentence. */
  readonly case: string;
  readonly behaviour: PracticeBehaviour;
  /** The supplier profile of this practice. Absent: the default profile of the sandbox. */
  readonly profile?: SupplierProfileName;
  readonly bookingRules?: BookingRules;
  readonly asid: string;
  readonly partyKey: string;
  readonly branches: readonly Branch[];
}

const PLAIN_NAMES = [
  "Alder Court Surgery",
  "Birchfield Medical Centre",
  "Canal Side Practice",
  "Dovecote Health Centre",
  "Elmhurst Surgery",
  "Foxglove Medical Practice",
  "Greenbank Surgery",
  "Hawthorn House Practice",
  "Ivy Bridge Surgery",
  "Juniper Lane Medical Centre",
] as const;

/** The synthetic practices. */
export const PRACTICES: readonly Practice[] = [
  createPractice(
    "T81001",
    "Willow Lane Surgery",
    "good",
    "Works: two branch surgeries, eight weeks of slots",
    {
      branch: "Millbrook Branch Surgery",
    },
  ),
  createPractice(
    "T81002",
    "Northgate Practice",
    "down",
    "Down: its registered address refuses connections (SSP 502)",
  ),
  createPractice("T81003", "Slowbeck Surgery", "slow", "Slow: every response is late"),
  createPractice(
    "T81004",
    "Closed Door Medical Centre",
    "switched-off",
    "Has GP Connect switched off (403 ACCESS_DENIED on everything)",
  ),
  createPractice(
    "T81005",
    "Islington Fold Practice",
    "no-agreement",
    "No sharing agreement (SSP 403 FOT_CHECK_FAILED)",
  ),
  createPractice(
    "T81006",
    "Full Moon Surgery",
    "fully-booked",
    "Fully booked: capabilities are fine, the slot search is empty",
  ),
  createPractice("T81007", "Paper Records Practice", "unlisted", "Not in the directory at all"),
  createPractice(
    "T81008",
    "Old Mill Practice",
    "trailing-slash",
    "Older system (1.2.5): no slot or schedule type, registered address ends with a slash",
    { profile: "older-without-service-types" },
  ),
  createPractice("T81009", "Blank Street Surgery", "no-address", "Its directory entry has an empty address"),
  createPractice(
    "T81010",
    "Two Step Surgery",
    "plain",
    "Supplier like the NHS demonstrator: saves in two steps without a lock",
    { profile: "demonstrator-like" },
  ),
  createPractice("T81011", "Joined Notes Practice", "plain", "Appends the comment to the description", {
    profile: "comment-in-description",
  }),
  createPractice(
    "T81013",
    "Rule Book Surgery",
    "plain",
    "Releases slots 48 hours before they start and allows two appointments for each booking organisation",
    { bookingRules: { releaseHoursBefore: 48, limitPerOrganisation: 2 } },
  ),
  createPractice(
    "T81014",
    "Broken Record Practice",
    "unbuildable",
    "Cannot build one of its schedules: every slot search with results fails with 500",
  ),
  createPractice(
    "T81015",
    "Changed Hands Surgery",
    "two-suppliers",
    "Moved to another supplier: the directory still holds the old endpoint under another party key",
  ),
  createPractice(
    "T81016",
    "Portal Only Practice",
    "consumer-only",
    "Has a consumer system only: an ASID and no endpoint",
  ),
  createPractice(
    "T81017",
    "Half Registered Surgery",
    "no-system",
    "Registration fault: an endpoint whose party key has no ASID",
  ),
  createPractice(
    "T81018",
    "Double Entry Practice",
    "ambiguous",
    "Registration fault: two addresses and two ASIDs under one party key",
  ),
  createPractice("T81012", "Service Hub Surgery", "plain", "Version 1.2.8: slot search by service", {
    profile: "service-filtering-1.2.8",
  }),
  createPractice(
    "T81019",
    "House Call Surgery",
    "visits",
    "Version 1.2.9: patients have home visits, which consumers can only read",
    { profile: "service-filtering-1.2.8" },
  ),
  ...PLAIN_NAMES.map((name, index) =>
    createPractice(
      `T811${String(index + 1).padStart(2, "0")}`,
      name,
      "plain",
      "Plain practice with slots, for searches across many",
    ),
  ),
];

/** A practice by ODS code. The comparison is case-sensitive. */
export function practiceByCode(odsCode: string): Practice | undefined {
  return PRACTICES.find((one) => one.odsCode === odsCode);
}

interface PracticeDetails {
  readonly branch?: string;
  readonly profile?: SupplierProfileName;
  readonly bookingRules?: BookingRules;
}

/** Creates a practice whose ASID, party key and addresses derive from its ODS code. */
export function createPractice(
  odsCode: string,
  name: string,
  behaviour: PracticeBehaviour,
  sentence: string,
  { branch, profile, bookingRules }: PracticeDetails = {},
): Practice {
  const digits = odsCode.slice(1);
  const places = branch === undefined ? [name] : [name, branch];
  return {
    odsCode,
    name,
    case: sentence,
    behaviour,
    ...(profile === undefined ? {} : { profile }),
    ...(bookingRules === undefined ? {} : { bookingRules }),
    asid: `9180000${digits}`,
    partyKey: `${odsCode}-8${digits}`,
    branches: places.map((place, index) => ({
      name: place,
      lines: [`${Number(digits.slice(-3)) + index} ${index === 0 ? "Surgery Road" : "Brook Street"}`],
      city: index === 0 ? "Averdale" : "Millbrook",
      postalCode: `XX2${index} ${digits.slice(-1)}ZZ`,
      phone: `01632961${digits.slice(-2)}${index}`,
    })),
  };
}
