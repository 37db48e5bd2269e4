import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describeNeeding } from "../support/needs.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

jest.setTimeout(60_000);

const QUERY = `query Slots($odsCode: ID!) {
  practice(odsCode: $odsCode) {
    __typename odsCode
    freeSlots(first: 2) { __typename id start location { __typename localId name } }
  }
}`;

interface Location {
  readonly localId: string;
  readonly name: string;
}
interface Result {
  readonly practice: {
    readonly odsCode: string;
    readonly freeSlots: readonly { readonly location: Location }[];
  };
}
interface Caches {
  readonly apollo: { readonly keys: readonly string[]; readonly read: readonly Result[] };
  readonly urql: { readonly sent: number; readonly read: readonly { readonly data: Result }[] };
}

describeNeeding("clients", "caches of Apollo Client and urql over two practices", () => {
  const PRACTICES = ["T81001", "T81010"];
  let graph: RunningGraph;
  let results: Result[];
  let caches: Caches;

  beforeAll(async () => {
    graph = await startGraph();
    const answers = [];
    for (const odsCode of PRACTICES) answers.push(await graph.query<Result>(QUERY, { odsCode }));
    // The sandbox numbers places across practices. Real practices number their own, each from the start.
    results = JSON.parse(
      JSON.stringify(answers.map(({ data }) => data)).replaceAll(/"localId":"\d+"/g, '"localId":"9"'),
    );
    const input = JSON.stringify({
      query: QUERY,
      variables: PRACTICES.map((odsCode) => ({ odsCode })),
      results,
    });
    const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, "caches.mjs")], {
      input,
      encoding: "utf8",
    });
    if (stdout === "") throw new Error(stderr);
    caches = JSON.parse(stdout) as Caches;
  });
  afterAll(() => graph.close());

  const locations = ({ practice }: Result) => practice.freeSlots.map(({ location }) => location);

  test("two practices use one local id for two places, and Apollo Client keeps them apart", () => {
    // Without a clash the test would prove nothing.
    const all = results.flatMap(locations);
    expect(new Set(all.map(({ localId }) => localId))).toEqual(new Set(["9"]));
    expect(new Set(all.map(({ name }) => name))).toEqual(
      new Set(["Willow Lane Surgery", "Two Step Surgery"]),
    );

    expect(caches.apollo.read).toEqual(results);
    expect(caches.apollo.keys.filter((key) => key.startsWith("SlotLocation"))).toEqual([]);
  });

  test("Apollo Client normalises practices by ODS code and slots by id", () => {
    for (const odsCode of PRACTICES) {
      expect(caches.apollo.keys).toContain(`Practice:${JSON.stringify({ odsCode })}`);
    }
    expect(caches.apollo.keys.filter((key) => key.startsWith("Slot:"))).toHaveLength(
      results.flatMap(locations).length,
    );
  });

  test("urql's document cache gives each practice its own response and sends each query once", () => {
    expect(caches.urql.sent).toBe(PRACTICES.length);
    expect(caches.urql.read.map(({ data }) => data)).toMatchObject([...results, ...results]);
  });
});
