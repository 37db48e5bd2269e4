import type { TraceDetails } from "../../../src/domain/trace-details.js";
import { testContext } from "../../support/call-context.js";
import { LEAST, type SearchService, startSearchService } from "./search-service.js";
import { productPipeline } from "./token-service.js";

let pds: SearchService;
beforeEach(async () => {
  pds = await startSearchService();
});
afterEach(() => pds.close());

describe("the query string of a PDS search", () => {
  it.each<[string, TraceDetails, string]>([
    ["whole names and a day", LEAST, "family=Oak&birthdate=eq1952-05-31"],
    [
      "wildcards for beginnings, percent-encoded",
      { familyStartsWith: "Oa", givenStartsWith: "Id", birthDate: "1952-05-31", postcodeStartsWith: "XX" },
      "family=Oa%2A&given=Id%2A&birthdate=eq1952-05-31&address-postalcode=XX%2A",
    ],
    [
      "one parameter for each given name, compound names whole",
      { ...LEAST, given: ["John Paul", "James"] },
      "family=Oak&given=John%20Paul&given=James&birthdate=eq1952-05-31",
    ],
    [
      "one bound for a range with one end",
      { family: "Oak", birthDateFrom: "1952-01-01", deathDateTo: "2001-02-01" },
      "family=Oak&birthdate=ge1952-01-01&death-date=le2001-02-01",
    ],
    [
      "two bounds for a date range",
      {
        family: "Oak",
        birthDateFrom: "1952-01-01",
        birthDateTo: "1952-12-31",
        deathDateFrom: "2001-01-01",
        deathDateTo: "2001-02-01",
      },
      "family=Oak&birthdate=ge1952-01-01&birthdate=le1952-12-31&death-date=ge2001-01-01&death-date=le2001-02-01",
    ],
    [
      "every other criterion, the postcode under its new name only",
      {
        ...LEAST,
        gender: "female",
        deathDate: "2001-01-01",
        postcode: "XX10 1AA",
        practiceOdsCode: "A20047",
        email: "ida+x@example.com",
        phone: "+44 1632 960000",
      },
      "family=Oak&gender=female&birthdate=eq1952-05-31&death-date=eq2001-01-01&address-postalcode=XX10%201AA" +
        "&general-practitioner=A20047&email=ida%2Bx%40example.com&phone=%2B44%201632%20960000",
    ],
    [
      "the options of the search",
      { ...LEAST, given: ["Ida"], fuzzy: true, includeHistory: true, maxResults: 7 },
      "family=Oak&given=Ida&birthdate=eq1952-05-31&_fuzzy-match=true&_history=true&_max-results=7",
    ],
    ["an exact search", { ...LEAST, exact: true }, "family=Oak&birthdate=eq1952-05-31&_exact-match=true"],
    [
      "accents, apostrophes and ampersands, percent-encoded",
      { ...LEAST, family: "O'F\u00e9ar & Co=1#?" },
      "family=O'F%C3%A9ar%20%26%20Co%3D1%23%3F&birthdate=eq1952-05-31",
    ],
  ])("has %s", async (_case, details, query) => {
    await pds.search(details);
    expect(pds.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /Patient?${query}`]);
  });

  it.each<["application" | "user", string]>([
    ["application", "family=Oak&birthdate=eq1952-05-31"],
    ["user", "family=Oak&birthdate=eq1952-05-31&_max-results=50"],
  ])("has the result limit in user mode only (%s)", async (mode, query) => {
    await pds.search({ ...LEAST, maxResults: 50 }, testContext(), mode);
    expect(pds.requests[0]?.path).toBe(`/Patient?${query}`);
  });

  it("is sent with the same headers as a retrieve", async () => {
    await pds.search(LEAST, testContext(), "user");
    expect(pds.requests[0]?.headers).toEqual({
      host: expect.any(String),
      connection: "keep-alive",
      accept: "application/fhir+json",
      "accept-encoding": "gzip",
      authorization: "Bearer opaque-token",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-correlation-id": "5a4b8f6e-1f7f-4e43-9f37-0d7c1b1d9a01",
      "nhsd-end-user-organisation-ods": "T82000",
    });
  });
});

it("a PDS search is retried once at most, with the same X-Request-ID", async () => {
  pds.answerWith(503, {});
  const search = pds.search(LEAST, testContext({ resilience: productPipeline() }));
  await expect(search).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", service: "PDS" });
  expect(pds.requests).toHaveLength(2);
  expect(new Set(pds.requests.map(({ headers }) => headers["x-request-id"])).size).toBe(1);
});
