import type { Identity, Person, PersonCase } from "./person.js";

type Row = readonly [nhsNumber: string, prefix: string, given: string, family: string, birthDate: string];

const FROM = "2016-04-11";
const REGISTERED: Pick<PersonCase, "registeredAt"> = { registeredAt: { odsCode: "T81102", from: FROM } };

/** One person for each kind of PDS record that the other personas do not have (PDS notes, 13, item 5). */
const KINDS: readonly (readonly [Row, PersonCase, Partial<Identity>?])[] = [
  [
    ["9990000344", "Mr", "Farid", "Denholm", "1975-01-08"],
    {
      case: "Superseded twice: 9990000034 replaced it, and 9990000042 replaced that",
      standing: { supersededBy: "9990000034" },
    },
  ],
  [
    ["9990000352", "Mr", "Edgar", "Eastlake", "1940-02-11"],
    {
      case: "Deceased, informal notice",
      ...REGISTERED,
      deceasedAt: "2025-11-30T00:00:00+00:00",
      deathNotice: "informal",
    },
  ],
  [
    ["9990000360", "Mrs", "Flora", "Fairbairn", "1951-09-07"],
    { case: "Alive: an earlier death notification was removed (U)", ...REGISTERED, deathNotice: "removed" },
  ],
  [
    ["9990000379", "Ms", "Greer", "Galbraith", "1990-01-01"],
    { case: "Minimal record: no name, gender or birth date", record: { isMinimal: true } },
  ],
  [
    ["9990000387", "Mr", "Hector", "Harbinson", "1983-12-12"],
    {
      case: "Registration that begins in the future",
      registeredAt: { odsCode: "T81102", from: "2099-04-01" },
    },
  ],
  [
    ["9990000395", "Ms", "Ianthe", "Ingleby", "1976-03-05"],
    {
      case: "Has a temporary address",
      ...REGISTERED,
      record: {
        temporaryAddress: {
          lines: ["Room 4", "Harbour Lodge", "2 Quay Street"],
          postalCode: "XX40 2BB",
          from: "2025-12-01",
          text: "Student accommodation",
        },
      },
    },
  ],
  [
    ["9990000409", "Mrs", "Jessamy", "Jardine", "1968-07-21"],
    {
      case: "Has an earlier family name and address, which only `_history` and fuzzy searches match",
      ...REGISTERED,
      record: { former: { family: "Kellaway", postalCode: "XX41 3CC" } },
    },
  ],
  [
    ["9990000417", "Mr", "Lorcan", "Langstaff", "1948"],
    { case: "Only the year of birth is known", ...REGISTERED },
  ],
  [
    ["9990000425", "Ms", "Marguerite", "Maplebeck", "1995-10-30"],
    { case: "Has an address of five lines", ...REGISTERED },
    { lines: ["Flat 9", "Larkspur House", "The Old Brewery", "70 Cornmarket"] },
  ],
  [
    ["9990000433", "Mr", "Nathaniel", "Nethercott", "1957-05-25"],
    { case: "Can be reached by textphone", ...REGISTERED, record: { textphone: "01632960977" } },
  ],
  [
    ["9990000441", "Miss", "Ottoline", "Oxenham", "2012-08-14"],
    {
      case: "Every element of a PDS record, and two related persons",
      ...REGISTERED,
      record: {
        isFull: true,
        relatives: [
          {
            id: "R1A00001",
            relationship: ["Guardian", "Guardian of patient"],
            person: { nhsNumber: "9990000409" },
          },
          {
            id: "R1A00002",
            relationship: ["Personal", "Personal relationship with the patient"],
            person: { given: "Percival", family: "Oxenham" },
          },
        ],
      },
    },
  ],
  [
    ["9990000468", "Mr", "Quentin", "Quarrington", "1970-06-06"],
    {
      case: "Removed from registration: moved to Scotland (SCT)",
      registeredAt: { odsCode: "T81102", from: FROM, until: "2024-06-30" },
      record: { removal: { code: "SCT", display: "Transferred to Scotland", from: "2024-07-01" } },
    },
  ],
  [
    ["9990000476", "Ms", "Roswitha", "Rainsford", "1988-02-17"],
    {
      case: "Restricted (R) with a related person, whom PDS does not show",
      ...REGISTERED,
      confidentiality: "R",
      record: {
        relatives: [
          {
            id: "R1A00003",
            relationship: ["Personal", "Personal relationship with the patient"],
            person: { given: "Sylvain", family: "Rainsford" },
          },
        ],
      },
    },
  ],
];

/** The people of all record kinds. No practice holds a record of them. */
export const RECORD_KINDS: readonly Person[] = KINDS.map(
  ([[nhsNumber, prefix, given, family, birthDate], personCase, changes], index) => ({
    nhsNumber,
    prefix,
    given: [given],
    family,
    gender: prefix === "Mr" ? "male" : "female",
    birthDate,
    lines: [`${index + 1} Foundry Row`],
    city: "Averdale",
    postalCode: `XX42 ${index % 9}DD`,
    phone: `016329609${String(index).padStart(2, "0")}`,
    ...personCase,
    ...changes,
  }),
);
