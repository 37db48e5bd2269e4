import { MIGRANT_MATRIX, matrixPersonByNumber } from "../personas/migrant-matrix.js";
import { PEOPLE, personByNumber } from "../personas/people.js";
import type { Person } from "../personas/person.js";
import { type Practice, practiceByCode } from "../personas/practices.js";
import { GeneratedPeople, type PeopleCriteria } from "./generated-people.js";
import { GeneratedPractices } from "./generated-practices.js";

/** How many practices and patients are generated in addition to the personas. */
export interface PopulationSize {
  /** At most 6,250. */
  readonly practices: number;
  /** About this many, at most 800,000: the synthetic NHS number range has no more. */
  readonly patients: number;
}

/** The synthetic world: the personas, and people and practices that are generated on demand. Nothing is stored. */
export class Population {
  readonly #practices: GeneratedPractices;
  readonly #people: GeneratedPeople;

  constructor(size: PopulationSize, seed: string) {
    this.#practices = new GeneratedPractices(size.practices);
    this.#people = new GeneratedPeople(size.patients, this.#practices, seed);
  }

  /** Generates other people from now on. The personas stay. */
  reseed(seed: string): void {
    this.#people.reseed(seed);
  }

  /** A person by NHS number, whatever their status on PDS. */
  personByNumber(nhsNumber: string): Person | undefined {
    return personByNumber(nhsNumber) ?? matrixPersonByNumber(nhsNumber) ?? this.#people.byNumber(nhsNumber);
  }

  /** All people who can match the criteria. The caller checks each of them. */
  *candidates(criteria: PeopleCriteria): Generator<Person> {
    yield* PEOPLE;
    yield* MIGRANT_MATRIX;
    yield* this.#people.candidates(criteria);
  }

  /** A practice by ODS code. The comparison is case-sensitive. */
  practiceByCode(odsCode: string): Practice | undefined {
    return practiceByCode(odsCode) ?? this.#practices.byCode(odsCode);
  }

  /** The generated practice that a part of an ASID, a party key or an address names. */
  generatedPractice(hint: { readonly odsCode?: string; readonly asid?: string }): Practice | undefined {
    if (hint.odsCode !== undefined) return this.#practices.byCode(hint.odsCode);
    return hint.asid === undefined ? undefined : this.#practices.byAsid(hint.asid);
  }
}
