import type { Identity } from "./person.js";

type Row = readonly [
  nhsNumber: string,
  prefix: string,
  given: string,
  family: string,
  gender: Identity["gender"],
  birthDate: string,
  lines: string,
  postalCode: string,
];

/** Postcodes start with XX, which is not a real area. */
const ROWS: readonly Row[] = [
  [
    "9000000009",
    "Ms",
    "Rosalind May",
    "Ashcombe",
    "female",
    "1984-03-17",
    "14 Quarry Rise, Netherfold",
    "XX10 1AA",
  ],
  ["9990000018", "Mr", "Owen", "Bellweather", "male", "1991-11-02", "3 Tanner Street", "XX10 1AB"],
  [
    "9990000026",
    "Mrs",
    "Ines Marta",
    "Calloway",
    "female",
    "1967-06-29",
    "Flat 2, 80 Harbour Walk",
    "XX10 1AD",
  ],
  ["9990000034", "Mr", "Farid", "Denholm", "male", "1975-01-08", "21 Plover Lane", "XX10 1AE"],
  ["9990000042", "Mr", "Farid", "Denholm", "male", "1975-01-08", "21 Plover Lane", "XX10 1AE"],
  ["9990000050", "Miss", "Tamsin", "Everley", "female", "1998-09-13", "9 Orchard End", "XX10 1AF"],
  ["9990000069", "Mr", "Jonah", "Fenwick", "male", "1989-12-24", "5 Mill Bank", "XX10 1AG"],
  [
    "9990000077",
    "Mrs",
    "Winifred",
    "Garrick",
    "female",
    "1931-02-19",
    "The Old Forge, Upper Averdale",
    "XX10 1AH",
  ],
  ["9990000085", "Mr", "Emre", "Hollis", "male", "2001-04-05", "16 Station Parade", "XX10 1AJ"],
  ["9990000093", "Ms", "Petra", "Iveson", "female", "1979-08-21", "40 Chapel Row", "XX10 1AL"],
  ["9990000107", "Mr", "Leonard", "Jessop", "male", "1958-05-16", "7 Weir View", "XX10 1AN"],
  ["9990000115", "Dr", "Anneliese", "Kirkbride", "female", "1972-10-10", "28 Abbot's Close", "XX10 1AP"],
  ["9990000123", "Mr", "Desmond", "Lathom", "male", "1945-07-03", "11 Bracken Way", "XX10 1AQ"],
  ["9990000131", "Ms", "Saskia", "Mowbray", "female", "1995-03-30", "62 Ferry Road", "XX10 1AR"],
  ["9990000158", "Mr", "Hamish", "Norcliffe", "male", "1988-01-26", "2 Lantern Court", "XX10 1AS"],
  ["9990000166", "Mr", "Lucian", "Oakden", "other", "1990-05-12", "6 Saddler's Mews", "XX10 1AT"],
  ["9990000174", "Mrs", "Olwen", "Pemberley", "female", "1982-12-09", "33 Sallow Street", "XX10 1AU"],
  ["9990000182", "Mr", "Bruno", "Quillfeather", "male", "1963-06-14", "50 Cooper's Yard", "XX10 1AW"],
  ["9990000190", "Ms", "Cosima", "Ravensdale", "female", "2004-02-29", "18 Heron Quay", "XX10 1AX"],
  ["9990000204", "Mr", "Jasper", "Sedgemoor", "male", "1977-08-08", "4 Thistle Row", "XX10 1AY"],
  ["9990000212", "Miss", "Thea", "Thornbury", "female", "2009-05-01", "10 Larch Grove", "XX10 1AZ"],
  ["9990000220", "Miss", "Tilda", "Thornbury", "female", "2009-05-01", "10 Larch Grove", "XX10 1AZ"],
  ["9990000239", "Mr", "Rupert", "Underhay", "male", "1986-07-19", "1 Cloister Gate", "XX10 1BA"],
  ["9990000247", "Mrs", "Noemi", "Vantage", "female", "1971-03-02", "27 Kiln Lane", "XX10 1BB"],
  ["9990000255", "Ms", "Delphine", "Wetherall", "female", "1993-11-25", "8 Signal Terrace", "XX10 1BD"],
];

/** Demographics of all synthetic people. The phone numbers are from the range that Ofcom reserves for drama. */
export const IDENTITIES: readonly Identity[] = ROWS.map(
  ([nhsNumber, prefix, given, family, gender, birthDate, lines, postalCode], index) => ({
    nhsNumber,
    prefix,
    given: given.split(" "),
    family,
    gender,
    birthDate,
    lines: lines.split(", "),
    city: "Averdale",
    postalCode,
    phone: `016329601${String(index).padStart(2, "0")}`,
  }),
);
