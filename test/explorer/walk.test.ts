import { type SpineCall, traceOf } from "../../src/explorer/spine-trace.js";
import { outcomeTone, shortInteraction } from "../../src/explorer/walk/interaction.js";
import { layOut } from "../../src/explorer/walk/layout.js";
import { cacheWords, mostAtOnce, walkSentence } from "../../src/explorer/walk/summary.js";

const call = (
  service: string,
  startedMs: number,
  durationMs: number,
  more: Partial<SpineCall> = {},
): SpineCall => ({
  service,
  interaction: "Patient.read",
  target: null,
  startedMs,
  durationMs,
  outcome: "OK",
  ...more,
});

describe("names of calls", () => {
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
  ])("%s is %s", (interaction, name) => expect(shortInteraction(interaction)).toBe(name));

  test("outcomes have three tones", () => {
    expect(["OK", "NOT_FOUND", "UPSTREAM_TIMEOUT", "INTERNAL_SERVER_ERROR"].map(outcomeTone)).toEqual([
      "ok",
      "none",
      "fault",
      "fault",
    ]);
  });
});

describe("the drawing of a walk", () => {
  const laneBars = (calls: SpineCall[], id: string, width = 900) =>
    layOut(calls, 100, width).lanes.find((lane) => lane.id === id)?.bars ?? [];

  test("time runs from left to right, to scale", () => {
    const { from, to } = layOut([], 100, 900);
    const [bar] = laneBars([call("PDS", 25, 50)], "PDS");
    expect(bar?.x).toBeCloseTo(from + (to - from) * 0.25);
    expect(bar?.width).toBeCloseTo((to - from) * 0.5);
  });

  test("calls at the same time lie one under the other, calls after one another share a row", () => {
    const rows = (calls: SpineCall[]) => laneBars(calls, "SDS").map((bar) => bar.y);
    const [first, second] = rows([call("SDS", 0, 40), call("SDS", 10, 40)]);
    expect(second).toBeGreaterThan(first ?? 0);
    expect(new Set(rows([call("SDS", 0, 30), call("SDS", 50, 30)])).size).toBe(1);
  });

  test.each([360, 900, 1600])(
    "neither bars nor words of a lane overlap, and all stay inside %i pixels",
    (width) => {
      const calls = Array.from({ length: 12 }, (_, index) =>
        call("SSP", (index * 37) % 90, 3 + ((index * 13) % 20), {
          target: "T81001",
          outcome: "UPSTREAM_TIMEOUT",
        }),
      );
      const extents = laneBars(calls, "SSP", width).map(({ x, y, width: wide, label }) => {
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

  test("a crowd is drawn without words, each call still as a bar of its own", () => {
    const bars = laneBars(
      Array.from({ length: 50 }, (_, index) => call("PDS", index, 20)),
      "PDS",
    );
    expect(bars).toHaveLength(50);
    expect(bars.filter((bar) => bar.label !== undefined)).toEqual([]);
  });

  test("tokens are drawn beside PDS; a call longer than the query still fits", () => {
    const diagram = layOut([call("TOKEN", 0, 5), call("VM", 50, 900)], 100, 900);
    expect(diagram.lanes.map((lane) => lane.bars.length)).toEqual([1, 0, 0, 1]);
    const [long] = diagram.lanes[3]?.bars ?? [];
    expect((long?.x ?? 0) + (long?.width ?? 0)).toBeLessThanOrEqual(diagram.to + 0.001);
  });
});

describe("the walk in words", () => {
  const calls = [call("VM", 40, 10), call("PDS", 0, 30), call("SDS", 0, 20), call("SDS", 30, 5)];

  test("counts calls in the order of the lanes, and how many ran together", () => {
    expect(walkSentence({ calls, cache: {} })).toBe(
      "4 calls: 1 PDS, 2 SDS, 1 V&M; 2 at the same time at most.",
    );
    expect(mostAtOnce([call("PDS", 0, 10), call("PDS", 10, 10)])).toBe(1);
  });

  test("says that nothing left", () => {
    expect(walkSentence({ calls: [], cache: {} })).toMatch(/^No call left the graph/);
  });

  test("tells of the cache only what happened", () => {
    const cache = {
      SSP: { hits: 0, misses: 2, shared: 1 },
      PDS: { hits: 1, misses: 0, shared: 0 },
      SDS: { hits: 0, misses: 0, shared: 0 },
    };
    expect(cacheWords({ calls, cache })).toBe("PDS 1 hit · SSP 2 misses, 1 shared");
  });
});

describe("the trace of an answer", () => {
  test("is none when the server gives none", () => {
    for (const extensions of [undefined, null, {}, { spine: {} }, { spine: { calls: "many" } }]) {
      expect(traceOf(extensions)).toBeNull();
    }
  });

  test("is read with care: what is no call is left out, what is no number is nought", () => {
    const extensions = {
      spine: { calls: [null, { service: "PDS", startedMs: "1", durationMs: -1 }], cache: { PDS: 1 } },
    };
    expect(traceOf(extensions)).toEqual({
      calls: [{ service: "PDS", interaction: "", target: null, startedMs: 0, durationMs: 0, outcome: "" }],
      cache: { PDS: { hits: 0, misses: 0, shared: 0 } },
    });
  });
});
