/** What Visitors & Migrants holds about a person; either component may be missing, and so may the date. */
export interface MigrantRecord {
  readonly status?: readonly [code: string, display: string];
  readonly category?: readonly [code: string, display: string];
  readonly effectiveAt?: string;
}

/** A synthetic person: the facts from which each service makes its own resource. */
export interface Person {
  readonly nhsNumber: string;
  readonly family: string;
  readonly given: readonly string[];
  readonly prefix: string;
  readonly gender: "male" | "female" | "other" | "unknown";
  readonly birthDate: string;
  readonly lines: readonly string[];
  readonly city: string;
  readonly postalCode: string;
  readonly phone: string;
  readonly email?: string;
  /** The case that this person stands for, in one sentence. */
  readonly case: string;
  readonly confidentiality?: "R" | "V";
  readonly deceasedAt?: string;
  /** PDS: `superseded` leads to another number, `invalidated` to a 404, `unknown` is not on PDS at all. */
  readonly standing?: "invalidated" | "unknown" | { readonly supersededBy: string };
  /** The registered practice as PDS has it; a period with an end has lapsed. */
  readonly registeredAt?: { readonly odsCode: string; readonly from: string; readonly until?: string };
  /** How the practice knows the person; left out, the practice has never heard of them. */
  readonly knownAt?: { readonly odsCode: string; readonly family?: string };
  readonly migrant?: MigrantRecord;
}

const FROM = "2016-04-11";

/** A person registered at a practice that also knows them. */
function registered(odsCode: string): Pick<Person, "registeredAt" | "knownAt"> {
  return { registeredAt: { odsCode, from: FROM }, knownAt: { odsCode } };
}

type Essentials = Pick<
  Person,
  "family" | "given" | "prefix" | "gender" | "birthDate" | "lines" | "postalCode" | "phone"
>;

/** Fills in the invented details that tests never look at one by one. */
function person(
  nhsNumber: string,
  essentials: Essentials,
  rest: Omit<Person, keyof Essentials | "nhsNumber" | "city">,
): Person {
  return { nhsNumber, city: "Averdale", ...essentials, ...rest };
}

/** The invented people. Postcodes begin XX, which no real area does; phone numbers are those kept for drama. */
export const PEOPLE: readonly Person[] = [
  person(
    "9000000009",
    {
      family: "Ashcombe",
      given: ["Rosalind", "May"],
      prefix: "Ms",
      gender: "female",
      birthDate: "1984-03-17",
      lines: ["14 Quarry Rise", "Netherfold"],
      postalCode: "XX10 1AA",
      phone: "01632960101",
    },
    {
      ...registered("T81001"),
      email: "rosalind.ashcombe@example.com",
      migrant: {
        status: ["Y", "Chargeable"],
        category: ["F", "Chargeable non-EEA"],
        effectiveAt: "2024-02-06T10:15:00+00:00",
      },
      case: "Chargeable (Y, category F), registered at the good practice and known there",
    },
  ),
  person(
    "9990000018",
    {
      family: "Bellweather",
      given: ["Owen"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1991-11-02",
      lines: ["3 Tanner Street"],
      postalCode: "XX10 1AB",
      phone: "01632960102",
    },
    {
      ...registered("T81001"),
      migrant: {
        status: ["N", "Not Chargeable"],
        category: ["B", "Surcharge Payee (or exempt)"],
        effectiveAt: "2023-07-20T14:00:00+01:00",
      },
      case: "Not chargeable (N, category B), registered at the good practice",
    },
  ),
  person(
    "9990000026",
    {
      family: "Calloway",
      given: ["Ines", "Marta"],
      prefix: "Mrs",
      gender: "female",
      birthDate: "1967-06-29",
      lines: ["Flat 2", "80 Harbour Walk"],
      postalCode: "XX10 1AD",
      phone: "01632960103",
    },
    { ...registered("T81001"), case: "No Visitors & Migrants record, registered at the good practice" },
  ),
  person(
    "9990000034",
    {
      family: "Denholm",
      given: ["Farid"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1975-01-08",
      lines: ["21 Plover Lane"],
      postalCode: "XX10 1AE",
      phone: "01632960104",
    },
    {
      standing: { supersededBy: "9990000042" },
      case: "Number superseded by 9990000042: PDS answers with the other record",
    },
  ),
  person(
    "9990000042",
    {
      family: "Denholm",
      given: ["Farid"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1975-01-08",
      lines: ["21 Plover Lane"],
      postalCode: "XX10 1AE",
      phone: "01632960104",
    },
    {
      ...registered("T81001"),
      migrant: {
        status: ["U", "Unset"],
        category: ["DECISION_PENDING", "Decision Pending"],
        effectiveAt: "2024-05-30T09:00:00+01:00",
      },
      case: "The current number of 9990000034; status unset, decision pending",
    },
  ),
  person(
    "9990000050",
    {
      family: "Everley",
      given: ["Tamsin"],
      prefix: "Miss",
      gender: "female",
      birthDate: "1998-09-13",
      lines: ["9 Orchard End"],
      postalCode: "XX10 1AF",
      phone: "01632960105",
    },
    {
      ...registered("T81001"),
      confidentiality: "R",
      migrant: { status: ["Y", "Chargeable"] },
      case: "Restricted (R): PDS hides address and practice; only a status, no category and no date",
    },
  ),
  person(
    "9990000069",
    {
      family: "Fenwick",
      given: ["Jonah"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1989-12-24",
      lines: ["5 Mill Bank"],
      postalCode: "XX10 1AG",
      phone: "01632960106",
    },
    {
      ...registered("T81001"),
      confidentiality: "V",
      case: "Very restricted (V): PDS hides name and birth date as well",
    },
  ),
  person(
    "9990000077",
    {
      family: "Garrick",
      given: ["Winifred"],
      prefix: "Mrs",
      gender: "female",
      birthDate: "1931-02-19",
      lines: ["The Old Forge", "Upper Averdale"],
      postalCode: "XX10 1AH",
      phone: "01632960107",
    },
    {
      ...registered("T81001"),
      deceasedAt: "2024-01-28T00:00:00+00:00",
      case: "Deceased, formal notice; still shown as registered at the good practice",
    },
  ),
  person(
    "9990000085",
    {
      family: "Hollis",
      given: ["Emre"],
      prefix: "Mr",
      gender: "male",
      birthDate: "2001-04-05",
      lines: ["16 Station Parade"],
      postalCode: "XX10 1AJ",
      phone: "01632960108",
    },
    {
      migrant: {
        category: ["E", "Charge exempt overseas/non-EEA"],
        effectiveAt: "2024-03-11T12:00:00+00:00",
      },
      case: "Alive with no practice; a category but no status",
    },
  ),
  person(
    "9990000093",
    {
      family: "Iveson",
      given: ["Petra"],
      prefix: "Ms",
      gender: "female",
      birthDate: "1979-08-21",
      lines: ["40 Chapel Row"],
      postalCode: "XX10 1AL",
      phone: "01632960109",
    },
    { ...registered("T81002"), case: "Registered at a practice whose system is down" },
  ),
  person(
    "9990000107",
    {
      family: "Jessop",
      given: ["Leonard"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1958-05-16",
      lines: ["7 Weir View"],
      postalCode: "XX10 1AN",
      phone: "01632960110",
    },
    { ...registered("T81003"), case: "Registered at a practice that answers slowly" },
  ),
  person(
    "9990000115",
    {
      family: "Kirkbride",
      given: ["Anneliese"],
      prefix: "Dr",
      gender: "female",
      birthDate: "1972-10-10",
      lines: ["28 Abbot's Close"],
      postalCode: "XX10 1AP",
      phone: "01632960111",
    },
    { ...registered("T81004"), case: "Registered at a practice that has switched GP Connect off" },
  ),
  person(
    "9990000123",
    {
      family: "Lathom",
      given: ["Desmond"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1945-07-03",
      lines: ["11 Bracken Way"],
      postalCode: "XX10 1AQ",
      phone: "01632960112",
    },
    { ...registered("T81005"), case: "Registered at a practice without a sharing agreement" },
  ),
  person(
    "9990000131",
    {
      family: "Mowbray",
      given: ["Saskia"],
      prefix: "Ms",
      gender: "female",
      birthDate: "1995-03-30",
      lines: ["62 Ferry Road"],
      postalCode: "XX10 1AR",
      phone: "01632960113",
    },
    {
      registeredAt: { odsCode: "T81001", from: "2024-01-04" },
      case: "At the good practice by PDS but unknown there: a temporary registration is needed",
    },
  ),
  person(
    "9990000158",
    {
      family: "Norcliffe",
      given: ["Hamish"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1988-01-26",
      lines: ["2 Lantern Court"],
      postalCode: "XX10 1AS",
      phone: "01632960114",
    },
    { ...registered("T81006"), case: "Registered at a practice that is fully booked" },
  ),
  person(
    "9990000166",
    {
      family: "Oakden",
      given: ["Test"],
      prefix: "Mr",
      gender: "unknown",
      birthDate: "1990-01-01",
      lines: ["1 Nowhere"],
      postalCode: "XX10 1AT",
      phone: "01632960115",
    },
    { standing: "invalidated", case: "Invalidated: PDS answers 404 INVALIDATED_RESOURCE" },
  ),
  person(
    "9990000174",
    {
      family: "Pemberley",
      given: ["Olwen"],
      prefix: "Mrs",
      gender: "female",
      birthDate: "1982-12-09",
      lines: ["33 Sallow Street"],
      postalCode: "XX10 1AU",
      phone: "01632960116",
    },
    {
      registeredAt: { odsCode: "T81001", from: FROM },
      knownAt: { odsCode: "T81001", family: "Tredinnick" },
      case: "The good practice holds a different family name than PDS",
    },
  ),
  person(
    "9990000182",
    {
      family: "Quillfeather",
      given: ["Bruno"],
      prefix: "Mr",
      gender: "male",
      birthDate: "1963-06-14",
      lines: ["50 Cooper's Yard"],
      postalCode: "XX10 1AW",
      phone: "01632960117",
    },
    {
      registeredAt: { odsCode: "T81001", from: "2009-02-02", until: "2022-11-30" },
      case: "Registration at the good practice has lapsed",
    },
  ),
  person(
    "9990000190",
    {
      family: "Ravensdale",
      given: ["Cosima"],
      prefix: "Ms",
      gender: "female",
      birthDate: "2004-02-29",
      lines: ["18 Heron Quay"],
      postalCode: "XX10 1AX",
      phone: "01632960118",
    },
    {
      registeredAt: { odsCode: "T81007", from: FROM },
      case: "Registered at a practice that the directory does not hold",
    },
  ),
  person(
    "9990000204",
    {
      family: "Sedgemoor",
      given: ["Nobody"],
      prefix: "Mr",
      gender: "unknown",
      birthDate: "1970-01-01",
      lines: ["0 Nowhere"],
      postalCode: "XX10 1AY",
      phone: "01632960119",
    },
    { standing: "unknown", case: "A valid number that PDS does not know (404)" },
  ),
];

/** A person by number, whatever their standing on PDS. */
export function personByNumber(nhsNumber: string): Person | undefined {
  return PEOPLE.find((one) => one.nhsNumber === nhsNumber);
}
