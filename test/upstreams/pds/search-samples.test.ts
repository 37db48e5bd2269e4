import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { testContext } from "../../support/call-context.js";
import { LEAST, type SearchService, startSearchService } from "./search-service.js";

const SAMPLES = path.resolve(__dirname, "../../../../shared/samples/pds");
const suite = existsSync(SAMPLES) ? describe : describe.skip;
const read = (file: string) => JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));

interface Sample {
  readonly resourceType: string;
  readonly entry?: readonly {
    readonly search: { readonly score: number };
    readonly resource: { readonly id: string };
  }[];
}

/** The published answers to searches; one who is known to have a wrong number is a case of its own. */
const SEARCHSETS = existsSync(SAMPLES)
  ? [
      ...readdirSync(path.join(SAMPLES, "search")).map((file) => `search/${file}`),
      "consumer-fixtures/search-patients-response.json",
      "consumer-fixtures/search-patients-no-results-response.json",
    ].filter((file) => read(file).resourceType === "Bundle" && !file.includes("john_paul_smith"))
  : ["absent"];

suite("published answers to searches", () => {
  let pds: SearchService;
  beforeAll(async () => {
    pds = await startSearchService();
  });
  afterAll(() => pds.close());

  const numbersIn = async (body: object) => {
    pds.answerWith(200, body);
    const found = await pds.search(LEAST, testContext());
    return found.kind === "matches" ? found.matches.map(({ nhsNumber }) => nhsNumber) : found.kind;
  };

  it.each(SEARCHSETS)("%s is read in full, best match first", async (file) => {
    const sample: Sample = read(file);
    const expected = [...(sample.entry ?? [])].sort((a, b) => b.search.score - a.search.score);
    expect(await numbersIn(sample)).toEqual(expected.map(({ resource }) => resource.id));
  });

  it.each(["search/TOO_MANY_MATCHES.json", "gateway-errors/too_many_matches.json"])("%s", async (file) => {
    expect(await numbersIn(read(file))).toBe("too-many");
  });

  it("the sample with a wrong check digit is refused", async () => {
    await expect(numbersIn(read("search/john_paul_smith_searchset.json"))).rejects.toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "WRONG_PATIENT",
    });
  });

  it("the public sandbox's unsupported search is a refusal, not an empty result", async () => {
    await expect(numbersIn(read("errors/NOT_SUPPORTED_SEARCH.json"))).rejects.toMatchObject({
      code: "UPSTREAM_REFUSED",
      reason: "SEARCH_NOT_SUPPORTED",
    });
  });
});
