import { soundex } from "../../src/sandbox/pds/soundex.js";
import { useSandbox } from "./support/use-sandbox.js";
import { codeOf, type Json, send, type WireResponse } from "./support/wire.js";

const HEADERS = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
const ASHCOMBE = "family=Ashcombe&birthdate=eq1984-03-17";
const TWINS = "family=Thornbury&birthdate=eq2009-05-01";

describe("searching PDS", () => {
  const under = useSandbox();

  const search = (query: string, headers: Record<string, string> = HEADERS): Promise<WireResponse> =>
    send(`${under.sandbox.pdsUrl}/Patient?${query}`, { headers });

  /** The NHS numbers found, in order, or the error code. */
  async function found(query: string): Promise<string[]> {
    const reply = await search(query);
    if (reply.json.resourceType === "OperationOutcome") return [codeOf(reply) ?? ""];
    return (reply.json.entry ?? []).map(({ resource }: Json) => resource.id);
  }

  it("returns a searchset of the matches", async () => {
    const reply = await search(ASHCOMBE, { ...HEADERS, "x-correlation-id": "journey 1" });
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      "content-type": "application/fhir+json",
      "x-request-id": HEADERS["x-request-id"],
      "x-correlation-id": "journey 1",
    });
    expect(reply.json).toMatchObject({
      resourceType: "Bundle",
      type: "searchset",
      timestamp: "2026-01-14T09:41:00+00:00",
      total: 1,
      entry: [{ search: { score: 1 }, resource: { resourceType: "Patient", id: "9000000009" } }],
    });
  });

  it("returns home address, names and practice, but nothing that only a retrieve returns", async () => {
    const { json } = await search(ASHCOMBE);
    const [{ resource }] = json.entry;
    expect(resource.address).toHaveLength(1);
    expect(resource.generalPractitioner[0].identifier.value).toBe("T81001");
    expect(resource).not.toHaveProperty("extension");
    const dead = await search("family=Garrick&birthdate=1931-02-19");
    expect(JSON.stringify(dead.json.entry[0].resource.extension)).toContain("DeathNotificationStatus");
  });

  it("has no entry member without matches", async () => {
    const { json } = await search("family=Nobody&birthdate=eq1984-03-17");
    expect(json).toMatchObject({ resourceType: "Bundle", total: 0 });
    expect(json).not.toHaveProperty("entry");
  });

  it.each([
    ["capitals do not matter", "family=ASHCOMBE&given=rosalind&birthdate=1984-03-17", ["9000000009"]],
    ["a nickname", "family=Ashcombe&given=Ros&birthdate=eq1984-03-17", ["9000000009"]],
    ["another given name", "family=Ashcombe&given=Mary&birthdate=eq1984-03-17", []],
    ["a range", "family=Ashcombe&birthdate=ge1984-03-01&birthdate=le1984-03-31", ["9000000009"]],
    ["a range beside it", "family=Ashcombe&birthdate=ge1984-03-18&birthdate=le1984-03-31", []],
    ["wildcards", "family=As%2A&given=Ro%2A&birthdate=eq1984-03-17", ["9000000009"]],
    ["a postcode without its blank", `${ASHCOMBE}&address-postalcode=xx101aa`, ["9000000009"]],
    ["the beginning of a postcode", `${ASHCOMBE}&address-postalcode=XX%2A`, ["9000000009"]],
    ["the old name of the postcode", `${ASHCOMBE}&address-postcode=XX10%201AA`, ["9000000009"]],
    ["another postcode", `${ASHCOMBE}&address-postalcode=XX10%201AB`, []],
    ["the practice", `${ASHCOMBE}&general-practitioner=t81001`, ["9000000009"]],
    ["another practice", `${ASHCOMBE}&general-practitioner=T81002`, []],
    ["e-mail address", `${ASHCOMBE}&email=ROSALIND.ASHCOMBE@example.com`, ["9000000009"]],
    ["another telephone number", `${ASHCOMBE}&phone=01632960199`, []],
    ["gender", `${ASHCOMBE}&gender=female`, ["9000000009"]],
    ["a death", "family=Garrick&birthdate=eq1931-02-19&death-date=eq2024-01-28", ["9990000077"]],
    ["a death that did not happen", `${ASHCOMBE}&death-date=eq2024-01-28`, []],
    [
      "a superseded number, once and under the current number",
      "family=Denholm&birthdate=eq1975-01-08",
      ["9990000042"],
    ],
    ["a record that is invalidated", "family=Oakden&birthdate=eq1990-05-12", []],
    ["somebody not on PDS", "family=Sedgemoor&birthdate=eq1977-08-08", []],
    ["twins", TWINS, ["9990000212", "9990000220"]],
    ["one of the twins", `${TWINS}&given=Ti%2A`, ["9990000220"]],
  ])("matches by %s", async (_case, query, numbers) => {
    expect(await found(query)).toEqual(numbers);
  });

  it.each([
    ["as it sounds", "family=Ashkomb&given=Rosalynd&birthdate=eq1984-03-17", 0.9],
    ["in the other order", "family=Rosalind&given=Ashcombe&birthdate=eq1984-03-17", 0.8],
    ["as it is", "family=Ashcombe&given=Rosalind&birthdate=eq1984-03-17", 1],
    [
      "with another practice, which lowers the score",
      "family=Ashcombe&given=Rosalind&birthdate=eq1984-03-17&general-practitioner=T81002",
      0.95,
    ],
    [
      "without a family name",
      "given=Rosalind&birthdate=eq1984-03-17&gender=female&address-postalcode=XX101AA",
      1,
    ],
  ])("finds a name %s, when told to be fuzzy", async (_case, query, score) => {
    const { json } = await search(`${query}&_fuzzy-match=true`);
    expect(json.entry).toMatchObject([{ search: { score }, resource: { id: "9000000009" } }]);
    const exact = await search(`${query}&_fuzzy-match=true&_exact-match=true`);
    expect(exact.json.total).toBe(score === 1 ? 1 : 0);
  });

  describe("a restricted record", () => {
    it("is returned without address and practice", async () => {
      const { json } = await search("family=Everley&birthdate=eq1998-09-13");
      const [{ resource }] = json.entry;
      expect(resource.meta.security[0].code).toBe("R");
      expect(resource.name).toHaveLength(2);
      for (const hidden of ["address", "telecom", "generalPractitioner"])
        expect(resource).not.toHaveProperty(hidden);
    });

    it.each(["address-postalcode=XX10%201AF", "address-postalcode=XX%2A", "general-practitioner=T81001"])(
      "is never found by %s",
      async (place) => {
        expect(await found(`family=Everley&birthdate=eq1998-09-13&${place}`)).toEqual([]);
      },
    );
  });

  it("reports too many matches with status 200", async () => {
    const reply = await search(`${TWINS}&_max-results=1`);
    expect(reply.status).toBe(200);
    expect(reply.json.issue).toMatchObject([{ severity: "information", code: "multiple-matches" }]);
    expect(codeOf(reply)).toBe("TOO_MANY_MATCHES");
    expect(await found(`${TWINS}&_max-results=2`)).toHaveLength(2);
  });

  it.each([
    ["no parameters", "", "UNSUPPORTED_SERVICE"],
    ["no birth date", "family=Ashcombe", "MISSING_VALUE"],
    ["no family name", "given=Rosalind&birthdate=eq1984-03-17", "INVALID_SEARCH_DATA"],
    ["too little for fuzzy", `${ASHCOMBE}&_fuzzy-match=true`, "INVALID_SEARCH_DATA"],
    [
      "a fuzzy wildcard",
      "family=As%2A&given=Rosalind&birthdate=eq1984-03-17&_fuzzy-match=true",
      "INVALID_SEARCH_DATA",
    ],
    ["a wildcard that is not encoded", "family=Ash*&birthdate=eq1984-03-17", "INVALID_VALUE"],
    ["a wildcard too early", "family=A%2A&birthdate=eq1984-03-17", "INVALID_VALUE"],
    ["an empty name", "family=&birthdate=eq1984-03-17", "INVALID_VALUE"],
    ["a long name", `family=${"x".repeat(36)}&birthdate=eq1984-03-17`, "INVALID_VALUE"],
    ["a day that is not in the calendar", "family=Ashcombe&birthdate=2010-02-31", "INVALID_VALUE"],
    ["a year", "family=Ashcombe&birthdate=1984", "INVALID_VALUE"],
    ["a date without dashes", "family=Ashcombe&birthdate=eq19840317", "INVALID_VALUE"],
    [
      "three dates",
      "family=Ashcombe&birthdate=eq1984-03-17&birthdate=ge1984-03-17&birthdate=le1984-03-17",
      "INVALID_VALUE",
    ],
    ["another gender", `${ASHCOMBE}&gender=mal`, "INVALID_VALUE"],
    ["an odd flag", `${ASHCOMBE}&_history=yes`, "INVALID_VALUE"],
    ["fifty-one results", `${ASHCOMBE}&_max-results=51`, "INVALID_VALUE"],
    [
      "both names of the postcode",
      `${ASHCOMBE}&address-postalcode=XX1&address-postcode=XX1`,
      "INVALID_SEARCH_DATA",
    ],
    ["an unknown parameter", `${ASHCOMBE}&_count=5`, "ADDITIONAL_PROPERTIES"],
  ])("refuses %s", async (_case, query, code) => {
    const reply = await search(query);
    expect([reply.status, codeOf(reply)]).toEqual([400, code]);
  });

  it("requires X-Request-ID", async () => {
    expect(codeOf(await search(ASHCOMBE, {}))).toBe("MISSING_VALUE");
    expect(codeOf(await search(ASHCOMBE, { "x-request-id": "1" }))).toBe("INVALID_VALUE");
  });

  it("can have a fault that does not affect retrieve", async () => {
    under.sandbox.faults.add({ service: "PDS", interaction: "Patient.search", kind: { status: 503 } });
    expect((await search(ASHCOMBE)).status).toBe(503);
    expect((await send(`${under.sandbox.pdsUrl}/Patient/9000000009`, { headers: HEADERS })).status).toBe(200);
  });
});

it.each([
  ["Smith", "S530"],
  ["Smythe", "S530"],
  ["Robert", "R163"],
  ["Rupert", "R163"],
  ["Ashcraft", "A261"],
  ["Tymczak", "T522"],
  ["Pfister", "P236"],
  ["O'Hara", "O600"],
  ["", "0000"],
])("%s sounds like %s", (name, code) => {
  expect(soundex(name)).toBe(code);
});
