import { startSandbox } from "../../src/sandbox/index.js";
import { Population } from "../../src/sandbox/population/population.js";
import { isNhsNumber } from "../../src/sandbox/shared/nhs-number.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import { useSandbox } from "./support/use-sandbox.js";
import { type Json, send } from "./support/wire.js";

const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
const SIZE = { practices: 40, patients: 2000 };

/** All people of a small population, found by trying every number of its range. */
function everybody(population: Population) {
  const people = [];
  for (let base = 999_100_000; base < 999_110_000; base++) {
    for (let check = 0; check <= 9; check++) {
      const person = isNhsNumber(`${base}${check}`) && population.personByNumber(`${base}${check}`);
      if (person) people.push(person);
    }
  }
  return people;
}

describe("a generated population", () => {
  const under = useSandbox({ population: SIZE });
  const population = new Population(SIZE, "spine-sandbox");
  const people = everybody(population);

  it("has about the requested number of patients, all registered at its practices and known there", () => {
    expect(people.length).toBeGreaterThan(1980);
    expect(people.length).toBeLessThan(2020);
    const codes = new Set(people.map(({ registeredAt }) => registeredAt?.odsCode));
    expect(codes.size).toBe(SIZE.practices);
    for (const { registeredAt, knownAt } of people) {
      expect(population.practiceByCode(registeredAt?.odsCode ?? "")).toBeDefined();
      expect(knownAt?.odsCode).toBe(registeredAt?.odsCode);
    }
  });

  it("is found by PDS search exactly as by looking at everybody", async () => {
    const person = people[123];
    if (!person) throw new Error("no such person");
    const year = person.birthDate.slice(0, 4);
    const query = `family=${person.family}&birthdate=ge${year}-01-01&birthdate=le${year}-12-31`;
    const { json } = await send(`${under.sandbox.pdsUrl}/Patient?${query}`, { headers: REQUEST_ID });
    const expected = people.filter(
      ({ family, birthDate }) => family === person.family && birthDate.startsWith(year),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(
      resourcesOf(json, "Patient")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(expected.map(({ nhsNumber }) => nhsNumber).sort());
  });

  it("is found by a fuzzy search by sound", async () => {
    const person = people.find(({ family }) => family === "Quarmby");
    if (!person) throw new Error("no such person");
    const query = `family=Kwarmby&given=${person.given[0]}&birthdate=eq${person.birthDate}&_fuzzy-match=true`;
    const exact = query.replace("Kwarmby", "Quarmbie");
    const { json } = await send(`${under.sandbox.pdsUrl}/Patient?${exact}`, { headers: REQUEST_ID });
    expect(resourcesOf(json, "Patient").map(({ id }) => id)).toContain(person.nhsNumber);
  });

  it("can be walked from PDS over SDS to a booking", async () => {
    const person = people[777];
    const odsCode = person?.registeredAt?.odsCode ?? "";
    const { json: patient } = await send(`${under.sandbox.pdsUrl}/Patient/${person?.nhsNumber}`, {
      headers: REQUEST_ID,
    });
    expect(patient.generalPractitioner[0].identifier.value).toBe(odsCode);
    const caller = await under.caller(odsCode);
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const [slot] = resourcesOf(json, "Slot");
    const patientId = await caller.patientId(String(person?.nhsNumber));
    const reply = await caller.book(bookingOf(json, [slot as Json], patientId));
    expect(reply.status).toBe(201);
    expect(await caller.patientId(String(person?.nhsNumber))).toBe(patientId);
  });

  it("does not exist outside its size", async () => {
    const status = async (number: string) =>
      (await send(`${under.sandbox.pdsUrl}/Patient/${number}`, { headers: REQUEST_ID })).status;
    const last = people.at(-1)?.nhsNumber ?? "";
    expect(await status(last)).toBe(200);
    const beyond = Array.from({ length: 20 }, (_, step) => String(Number(last.slice(0, 9)) + 100 + step))
      .flatMap((base) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((check) => `${base}${check}`))
      .find(isNhsNumber);
    expect(await status(beyond ?? "")).toBe(404);
    expect(population.practiceByCode("T90039")).toBeDefined();
    expect(population.practiceByCode("T90040")).toBeUndefined();
  });

  it("is the same for the same seed and has other birth dates for another seed", () => {
    const number = people[5]?.nhsNumber ?? "";
    expect(new Population(SIZE, "spine-sandbox").personByNumber(number)).toEqual(people[5]);
    expect(new Population(SIZE, "another").personByNumber(number)?.birthDate).not.toBe(people[5]?.birthDate);
  });
});

it.each([
  [{ practices: 6251, patients: 0 }],
  [{ practices: 1, patients: 800_001 }],
  [{ practices: 0, patients: 1 }],
  [{ practices: -1, patients: 0 }],
])("a population of %j is refused", async (population) => {
  await expect(startSandbox({ population })).rejects.toThrow(RangeError);
});
