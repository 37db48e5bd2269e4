import { IDENTITIES } from "./identities.js";
import type { Person, PersonCase } from "./person.js";
import { RECORD_KINDS } from "./record-kinds.js";

const FROM = "2016-04-11";

/** A person registered at a practice that holds a record of them. */
function at(odsCode: string): Pick<Person, "registeredAt" | "knownAt"> {
  return { registeredAt: { odsCode, from: FROM }, knownAt: { odsCode } };
}

const CASES: Readonly<Record<string, PersonCase>> = {
  "9000000009": {
    case: "Chargeable (Y, category F), registered at the good practice and known there",
    ...at("T81001"),
    email: "rosalind.ashcombe@example.com",
    migrant: {
      status: ["Y", "Chargeable"],
      category: ["F", "Chargeable non-EEA"],
      effectiveAt: "2024-02-06T10:15:00+00:00",
    },
  },
  "9990000018": {
    case: "Not chargeable (N, category B), registered at the good practice",
    ...at("T81001"),
    migrant: {
      status: ["N", "Not Chargeable"],
      category: ["B", "Surcharge Payee (or exempt)"],
      effectiveAt: "2023-07-20T14:00:00+01:00",
    },
  },
  "9990000026": {
    case: "No Visitors & Migrants record, registered at the good practice",
    ...at("T81001"),
  },
  "9990000034": {
    case: "Number superseded by 9990000042: PDS returns that record",
    standing: { supersededBy: "9990000042" },
  },
  "9990000042": {
    case: "The current number of 9990000034; status unset, decision pending",
    ...at("T81001"),
    migrant: {
      status: ["U", "Unset"],
      category: ["DECISION_PENDING", "Decision Pending"],
      effectiveAt: "2024-05-30T09:00:00+01:00",
    },
  },
  "9990000050": {
    case: "Restricted (R): PDS hides address and practice; a status without category and date",
    ...at("T81001"),
    confidentiality: "R",
    migrant: { status: ["Y", "Chargeable"] },
  },
  "9990000069": {
    case: "Very restricted (V): PDS hides name and birth date as well",
    ...at("T81001"),
    confidentiality: "V",
  },
  "9990000077": {
    case: "Deceased, formal notice; still shown as registered at the good practice",
    ...at("T81001"),
    deceasedAt: "2024-01-28T00:00:00+00:00",
  },
  "9990000085": {
    case: "Alive with no practice; a category without a status",
    migrant: { category: ["E", "Charge exempt overseas/non-EEA"], effectiveAt: "2024-03-11T12:00:00+00:00" },
  },
  "9990000093": { case: "Registered at a practice whose system is down", ...at("T81002") },
  "9990000107": { case: "Registered at a practice that responds slowly", ...at("T81003") },
  "9990000115": { case: "Registered at a practice that has switched GP Connect off", ...at("T81004") },
  "9990000123": { case: "Registered at a practice without a sharing agreement", ...at("T81005") },
  "9990000131": {
    case: "At the good practice by PDS but unknown there: a temporary registration is needed",
    registeredAt: { odsCode: "T81001", from: "2024-01-04" },
  },
  "9990000158": { case: "Registered at a practice that is fully booked", ...at("T81006") },
  "9990000166": { case: "Invalidated: PDS responds 404 INVALIDATED_RESOURCE", standing: "invalidated" },
  "9990000174": {
    case: "The good practice holds a different family name than PDS",
    ...at("T81001"),
    knownAt: { odsCode: "T81001", family: "Tredinnick" },
  },
  "9990000182": {
    case: "Registration at the good practice has lapsed",
    registeredAt: { odsCode: "T81001", from: "2009-02-02", until: "2022-11-30" },
  },
  "9990000190": {
    case: "Registered at a practice that the directory does not hold",
    registeredAt: { odsCode: "T81007", from: FROM },
  },
  "9990000204": { case: "A valid number that PDS does not know (404)", standing: "unknown" },
  "9990000212": {
    case: "Twin of 9990000220: a search by family name and birth date finds both",
    ...at("T81001"),
  },
  "9990000239": { case: "Registered at a practice that saves bookings in two steps", ...at("T81010") },
  "9990000247": { case: "Registered at a practice that appends comments to descriptions", ...at("T81011") },
  "9990000255": { case: "Registered at a practice with service filtering (1.2.8)", ...at("T81012") },
  "9990000905": {
    case: "Has a home visit at the practice, which cannot be changed through GP Connect",
    ...at("T81019"),
  },
  "9990000263": {
    case: "Inactive at the good practice: not found there, can be registered again",
    ...at("T81001"),
    knownAt: { odsCode: "T81001", isInactive: true },
  },
  "9990000271": {
    case: "Dissents from sharing: found all the same, because dissent does not apply to appointments",
    ...at("T81001"),
  },
  "9990000298": {
    case: "Unverified at the good practice: find verifies the record on PDS and returns it",
    ...at("T81001"),
    knownAt: { odsCode: "T81001", isUnverified: true },
  },
  "9990000301": {
    case: "Unverified at the older practice: find is empty and register responds 409",
    ...at("T81008"),
    knownAt: { odsCode: "T81008", isUnverified: true },
  },
  "9990000328": {
    case: "Temporarily registered at the good practice, permanently elsewhere",
    ...at("T81101"),
    knownAt: { odsCode: "T81001", isTemporary: true },
  },
  "9990000336": { case: "Registered at a practice with booking rules", ...at("T81013") },
  "9990000220": { case: "Twin of 9990000212, with the same birth date and address", ...at("T81001") },
};

/** All synthetic people of the sandbox. */
export const PEOPLE: readonly Person[] = [
  ...IDENTITIES.map((identity) => {
    const personCase = CASES[identity.nhsNumber];
    if (!personCase) throw new Error(`${identity.family} stands for no case`);
    return { ...identity, ...personCase };
  }),
  ...RECORD_KINDS,
];

/** A person by NHS number, whatever their status on PDS. */
export function personByNumber(nhsNumber: string): Person | undefined {
  return PEOPLE.find((one) => one.nhsNumber === nhsNumber);
}
