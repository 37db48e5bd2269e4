import type { Person } from "../personas/person.js";
import { addDays } from "../shared/london-time.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import { seededRandom } from "../shared/seeded.js";
import type { GeneratedPractices } from "./generated-practices.js";

/** First nine digits of the first generated NHS number. The personas have smaller numbers. */
const FIRST_BASE = 999_100_000;
const MOST_PATIENTS = 800_000;
/** One base in eleven has no valid check digit. */
const BASES_PER_PATIENT = 11 / 10;
const FIRST_BIRTH_DATE = "1935-01-01";
const BIRTH_DAYS = 32_000;
/** Spreads consecutive numbers over all birth dates. It has no common factor with `BIRTH_DAYS`. */
const STRIDE = 12_347;
/** STRIDE * INVERSE = 1 modulo BIRTH_DAYS. */
const INVERSE =
  Array.from({ length: BIRTH_DAYS }, (_, one) => one).find((one) => (one * STRIDE) % BIRTH_DAYS === 1) ?? 1;
const DAY_MS = 86_400_000;

const FAMILIES = [
  ...[
    "Abernant",
    "Bickerdale",
    "Carrowell",
    "Dunscombe",
    "Ellingham",
    "Farnworthy",
    "Gaskarth",
    "Hollinshed",
  ],
  ...[
    "Inskipp",
    "Jarrowby",
    "Kettleburn",
    "Lockeridge",
    "Marchbanks",
    "Netherton",
    "Ormathwaite",
    "Pickersgill",
  ],
  ...["Quarmby", "Rothersay", "Scarisbrick", "Tattersley", "Ullswater", "Venables", "Whinfell", "Yelverton"],
];
const GIVEN = {
  female: ["Alba", "Bronte", "Cerys", "Dilys", "Edith", "Freya", "Greta", "Honor", "Isla", "Juno", "Keira"],
  male: ["Alfie", "Bram", "Caleb", "Dylan", "Elias", "Fergus", "Gethin", "Hugo", "Idris", "Jago", "Kit"],
} as const;

/** What limits the people that a search has to check. */
export interface PeopleCriteria {
  /** Whether people with this family name can match. */
  readonly matchesFamily: (family: string) => boolean;
  /** The first and the last possible birth date, `yyyy-mm-dd`. */
  readonly bornFrom: string;
  readonly bornTo: string;
}

/**
 * People who are computed from their NHS number. Family name and birth date are arithmetic functions of it, so that a
 * search can enumerate the matching numbers without an index.
 */
export class GeneratedPeople {
  readonly #bases: number;
  /** Shifts names and birth dates, so that another seed gives other people. */
  #shift = 0;

  /** @throws RangeError for more than 800,000 patients, or for patients without practices */
  constructor(
    count: number,
    private readonly practices: GeneratedPractices,
    seed: string,
  ) {
    if (!Number.isInteger(count) || count < 0 || count > MOST_PATIENTS)
      throw new RangeError(`The number of patients must be from 0 to ${MOST_PATIENTS}`);
    if (count > 0 && practices.count === 0)
      throw new RangeError("Generated patients need generated practices");
    this.#bases = Math.ceil(count * BASES_PER_PATIENT);
    this.reseed(seed);
  }

  /** Gives the numbers the people of another seed. */
  reseed(seed: string): void {
    this.#shift = Math.floor(seededRandom(`${seed} people`)() * BIRTH_DAYS);
  }

  byNumber(nhsNumber: string): Person | undefined {
    if (!isNhsNumber(nhsNumber)) return undefined;
    const index = Number(nhsNumber.slice(0, 9)) - FIRST_BASE;
    return index >= 0 && index < this.#bases ? this.#person(index, nhsNumber) : undefined;
  }

  /** All people with a possible family name and a possible birth date. */
  *candidates({ matchesFamily, bornFrom, bornTo }: PeopleCriteria): Generator<Person> {
    if (this.#bases === 0) return;
    const firstDay = Math.max(0, dayOf(bornFrom));
    const lastDay = Math.min(BIRTH_DAYS - 1, dayOf(bornTo));
    for (const [family, name] of FAMILIES.entries()) {
      if (!matchesFamily(name)) continue;
      for (let day = firstDay; day <= lastDay; day++) yield* this.#bornOn(family, day);
    }
  }

  *#bornOn(family: number, day: number): Generator<Person> {
    const cycle = ((day - this.#shift + BIRTH_DAYS) * INVERSE) % BIRTH_DAYS;
    const step = FAMILIES.length * BIRTH_DAYS;
    for (let index = family + FAMILIES.length * cycle; index < this.#bases; index += step) {
      const nhsNumber = numberAt(index);
      if (nhsNumber !== undefined) yield this.#person(index, nhsNumber);
    }
  }

  #person(index: number, nhsNumber: string): Person {
    const gender = index % 2 === 0 ? "female" : "male";
    const given = GIVEN[gender][Math.floor(index / 2) % GIVEN[gender].length] ?? "Kit";
    const cycle = Math.floor(index / FAMILIES.length) % BIRTH_DAYS;
    const day = (cycle * STRIDE + this.#shift) % BIRTH_DAYS;
    const odsCode = this.practices.codeAt(index % this.practices.count);
    return {
      nhsNumber,
      prefix: gender === "female" ? "Ms" : "Mr",
      given: [given],
      family: FAMILIES[index % FAMILIES.length] ?? "",
      gender,
      birthDate: addDays(FIRST_BIRTH_DATE, day),
      lines: [`${(index % 199) + 1} Meadow Walk`],
      city: "Averdale",
      postalCode: `XX3${index % 10} ${index % 9}AA`,
      // Ofcom reserves 01632 960000 to 960999 for drama.
      phone: `01632960${String(index % 1000).padStart(3, "0")}`,
      case: "Generated",
      registeredAt: { odsCode, from: "2016-04-11" },
      knownAt: { odsCode },
    };
  }
}

function dayOf(date: string): number {
  return Math.round((Date.parse(date) - Date.parse(FIRST_BIRTH_DATE)) / DAY_MS);
}

/** The NHS number with these first nine digits; undefined when no check digit is valid. */
function numberAt(index: number): string | undefined {
  const base = String(FIRST_BASE + index);
  for (let check = 0; check <= 9; check++) if (isNhsNumber(`${base}${check}`)) return `${base}${check}`;
  return undefined;
}
