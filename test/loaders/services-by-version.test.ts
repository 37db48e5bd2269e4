import type { GpConnectClient } from "../../src/upstreams/ssp/index.js";
import { createGraphHarness, HARNESS_PRACTICE, harnessSlot } from "../support/graph-harness.js";

const SERVICE = "2000099999";

/** A server with service filtering on, and a practice that names its version of GP Connect. */
function scene(gpConnectVersion: string | Error, statement: Promise<void> = Promise.resolve()) {
  const searches: (boolean | undefined)[] = [];
  const counts = { statements: 0 };
  const gpConnect: Partial<GpConnectClient> = {
    serviceFiltering: true,
    fetchCapabilities: async () => {
      counts.statements += 1;
      await statement;
      if (gpConnectVersion instanceof Error) throw gpConnectVersion;
      return { gpConnectVersion, interactions: [] };
    },
    searchFreeSlots: async (_practice, { start, withServices }) => {
      searches.push(withServices);
      return { slots: [harnessSlot(Date.parse(start) + 3_600_000)] };
    },
  };
  const harness = createGraphHarness({ sources: { gpConnect: gpConnect as GpConnectClient } });
  const run = (fields: string) => harness.run(`{ practice(odsCode: "${HARNESS_PRACTICE}") { ${fields} } }`);
  return { counts, searches, run };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the parameters of GP Connect 1.2.8 in a slot search", () => {
  it.each([
    ["1.2.8", true],
    ["1.2.7", false],
  ])(
    "are sent to a practice of version %s once its capability statement is cached: %p",
    async (version, sent) => {
      const { counts, searches, run } = scene(version);
      await run("freeSlots { start }");
      await settled();
      await run("freeSlots { start }");
      expect(searches).toEqual([false, sent]);
      expect(counts.statements).toBe(1);
    },
  );

  it("are not waited for by a search of all slots", async () => {
    const { searches, run } = scene("1.2.8", new Promise(() => undefined));
    expect((await run("freeSlots { start }")).errors).toEqual([]);
    expect(searches).toEqual([false]);
  });

  it("are waited for by a search for one service", async () => {
    const { searches, run } = scene(
      "1.2.8",
      settled().then(() => undefined),
    );
    expect((await run(`freeSlots(serviceId: "${SERVICE}") { start }`)).errors).toEqual([]);
    expect(searches).toEqual([true]);
  });

  it("are left out of a search for one service when the statement cannot be fetched", async () => {
    const { searches, run } = scene(new Error("no statement"));
    expect((await run(`freeSlots(serviceId: "${SERVICE}") { start }`)).errors).toEqual([]);
    expect(searches).toEqual([false]);
  });

  it("cost no further call beside the practice's capabilities", async () => {
    const { counts, run } = scene("1.2.8");
    await run('capabilities { gpConnectVersion } freeSlots(to: "2027-01-10T00:00:00Z") { start }');
    await settled();
    expect(counts.statements).toBe(1);
  });
});
