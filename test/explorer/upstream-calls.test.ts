import { summariseCache } from "../../src/explorer/upstream-calls/cache-summary.js";
import { parseCallLog } from "../../src/explorer/upstream-calls/call-log.js";
import { maxConcurrentCalls, summariseCalls } from "../../src/web-ui/sequence-diagram/call-words.js";
import { outcomeTone, shortInteraction } from "../../src/web-ui/sequence-diagram/interaction.js";
import { layOutDiagram } from "../../src/web-ui/sequence-diagram/layout.js";
import type { UpstreamCall } from "../../src/web-ui/sequence-diagram/upstream-call.js";

const call = (
  service: string,
  startedMs: number,
  durationMs: number,
  more: Partial<UpstreamCall> = {},
): UpstreamCall => ({
  service,
  interaction: "Patient.read",
  target: null,
  startedMs,
  durationMs,
  outcome: "OK",
  ...more,
});

describe("short names of interactions", () => {
  test.each([
    ["urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1", "search slot"],
    [
      "urn:nhs:names:services:gpconnect:fhir:rest:search:patient_appointments-1",
      "search patient appointments",
    ],
    ["urn:nhs:names:services:gpconnect:fhir:operation:gpc.registerpatient-1", "gpc.registerpatient"],
    ["urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1", "search observation"],
    ["Patient.read", "Patient.read"],
    ["search", "search"],
  ])("%s is shown as %s", (interaction, name) => expect(shortInteraction(interaction)).toBe(name));

  test("every outcome has one of three tones", () => {
    expect(["OK", "NOT_FOUND", "UPSTREAM_TIMEOUT", "INTERNAL_SERVER_ERROR"].map(outcomeTone)).toEqual([
      "ok",
      "none",
      "fault",
      "fault",
    ]);
  });
});

describe("layout of the sequence diagram", () => {
  const barsOf = (calls: UpstreamCall[], id: string, width = 900) =>
    layOutDiagram(calls, 100, width).lifelines.find((lifeline) => lifeline.id === id)?.bars ?? [];

  test("bars are drawn to scale from left to right", () => {
    const { from, to } = layOutDiagram([], 100, 900);
    const [bar] = barsOf([call("PDS", 25, 50)], "PDS");
    expect(bar?.x).toBeCloseTo(from + (to - from) * 0.25);
    expect(bar?.width).toBeCloseTo((to - from) * 0.5);
  });

  test("concurrent calls get separate rows; consecutive calls share a row", () => {
    const rows = (calls: UpstreamCall[]) => barsOf(calls, "SDS").map((bar) => bar.y);
    const [first, second] = rows([call("SDS", 0, 40), call("SDS", 10, 40)]);
    expect(second).toBeGreaterThan(first ?? 0);
    expect(new Set(rows([call("SDS", 0, 30), call("SDS", 50, 30)])).size).toBe(1);
  });

  test.each([360, 900, 1600])(
    "bars and labels of a lifeline never overlap, and all fit in %i pixels",
    (width) => {
      const calls = Array.from({ length: 12 }, (_, index) =>
        call("SSP", (index * 37) % 90, 3 + ((index * 13) % 20), {
          target: "T81001",
          outcome: "UPSTREAM_TIMEOUT",
        }),
      );
      const extents = barsOf(calls, "SSP", width).map(({ x, y, width: wide, label }) => {
        const words = (label?.text.length ?? 0) * 6;
        const start = label?.anchor === "end" ? label.x - words : (label?.x ?? x);
        return { y, left: Math.min(x, start), right: Math.max(x + wide, start + words) };
      });
      expect(extents).toHaveLength(12);
      for (const one of extents) {
        expect(one.left).toBeGreaterThanOrEqual(0);
        expect(one.right).toBeLessThanOrEqual(width);
        const neighbours = extents.filter((other) => other !== one && other.y === one.y);
        expect(neighbours.filter((other) => other.left < one.right && one.left < other.right)).toEqual([]);
      }
    },
  );

  test("many calls are drawn without labels, and each has its own bar", () => {
    const bars = barsOf(
      Array.from({ length: 50 }, (_, index) => call("PDS", index, 20)),
      "PDS",
    );
    expect(bars).toHaveLength(50);
    expect(bars.filter((bar) => bar.label !== undefined)).toEqual([]);
  });

  test("token calls are drawn on the PDS lifeline; a call that outlasts the request fits the diagram", () => {
    const diagram = layOutDiagram([call("TOKEN", 0, 5), call("VM", 50, 900)], 100, 900);
    expect(diagram.lifelines.map((lifeline) => lifeline.bars.length)).toEqual([1, 0, 0, 1]);
    const [long] = diagram.lifelines[3]?.bars ?? [];
    expect((long?.x ?? 0) + (long?.width ?? 0)).toBeLessThanOrEqual(diagram.to + 0.001);
  });
});

describe("summary of the upstream calls", () => {
  const calls = [call("VM", 40, 10), call("PDS", 0, 30), call("SDS", 0, 20), call("SDS", 30, 5)];

  test("the summary counts calls in the order of the lifelines and the maximum in parallel", () => {
    expect(summariseCalls(calls)).toBe("4 calls: 1 PDS, 2 SDS, 1 V&M; at most 2 at the same time.");
    expect(maxConcurrentCalls([call("PDS", 0, 10), call("PDS", 10, 10)])).toBe(1);
  });

  test("the summary says that no call was made", () => {
    expect(summariseCalls([])).toMatch(/^No upstream call/);
  });

  test("the cache summary leaves out zero counts", () => {
    const cache = {
      SSP: { hits: 0, misses: 2, shared: 1 },
      PDS: { hits: 1, misses: 0, shared: 0 },
      SDS: { hits: 0, misses: 0, shared: 0 },
    };
    expect(summariseCache(cache)).toBe("PDS 1 hit · SSP 2 misses, 1 shared");
  });
});

describe("the call log of a response", () => {
  test("a response without a call log gives null", () => {
    for (const extensions of [undefined, null, {}, { spine: {} }, { spine: { calls: "many" } }]) {
      expect(parseCallLog(extensions)).toBeNull();
    }
  });

  test("entries that are not calls are skipped, and missing numbers become zero", () => {
    const extensions = {
      spine: { calls: [null, { service: "PDS", startedMs: "1", durationMs: -1 }], cache: { PDS: 1 } },
    };
    expect(parseCallLog(extensions)).toEqual({
      calls: [{ service: "PDS", interaction: "", target: null, startedMs: 0, durationMs: 0, outcome: "" }],
      cache: { PDS: { hits: 0, misses: 0, shared: 0 } },
    });
  });
});
