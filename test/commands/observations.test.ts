import { Observations } from "../../src/commands/observations.js";
import { TestClock } from "../support/call-context.js";

describe("observations by the stopwatch", () => {
  let stopwatch: TestClock;
  let observations: Observations;
  beforeEach(() => {
    stopwatch = new TestClock(1_000_000);
    observations = new Observations(stopwatch);
  });

  test("the first look at a mark starts its measurement", () => {
    stopwatch.advance(50);
    expect(observations.since("lease", "a", "1")).toBe(0);
    stopwatch.advance(70);
    expect(observations.since("lease", "a", "1")).toBe(70);
    stopwatch.advance(5);
    expect(observations.since("lease", "a", "1")).toBe(75);
  });

  test("a new mark of the key starts its measurement again", () => {
    observations.since("lease", "a", "1");
    stopwatch.advance(70);
    expect(observations.since("lease", "a", "2")).toBe(0);
    stopwatch.advance(5);
    expect(observations.since("lease", "a", "2")).toBe(5);
    // What was observed earlier is not remembered beside it.
    expect(observations.since("lease", "a", "1")).toBe(0);
  });

  test("each key is measured for itself", () => {
    observations.since("lease", "a", "1");
    stopwatch.advance(70);
    expect(observations.since("lease", "b", "1")).toBe(0);
    expect(observations.since("lease", "a", "1")).toBe(70);
  });

  test("a started measurement counts from now, also when the mark was observed before", () => {
    observations.since("bound", "a", "1");
    stopwatch.advance(70);
    observations.start("bound", "a", "1");
    stopwatch.advance(3);
    expect(observations.since("bound", "a", "1")).toBe(3);
  });

  test("a measurement that starts later is negative until then", () => {
    observations.start("bound", "a", "1", 40);
    expect(observations.since("bound", "a", "1")).toBe(-40);
    stopwatch.advance(41);
    expect(observations.since("bound", "a", "1")).toBe(1);
  });

  test("a forgotten key starts again, and no other does", () => {
    observations.since("bound", "a", "1");
    observations.since("bound", "b", "1");
    stopwatch.advance(70);
    observations.forget("a");
    expect(observations.since("bound", "a", "1")).toBe(0);
    expect(observations.since("bound", "b", "1")).toBe(70);
  });

  test("lease and bound of a key are measured apart, and forgotten together", () => {
    observations.since("lease", "a", "1");
    stopwatch.advance(70);
    expect(observations.since("bound", "a", "1")).toBe(0);
    expect(observations.since("lease", "a", "1")).toBe(70);
    observations.forget("a");
    expect(observations.since("lease", "a", "1")).toBe(0);
  });

  test("only what is retained is still measured", () => {
    observations.since("lease", "a", "1");
    observations.since("bound", "a", "1");
    observations.since("lease", "b", "1");
    observations.since("bound", "b", "1");
    stopwatch.advance(70);
    observations.retain((key) => key === "b");
    const since = (key: string) => [
      observations.since("lease", key, "1"),
      observations.since("bound", key, "1"),
    ];
    expect(since("a")).toEqual([0, 0]);
    expect(since("b")).toEqual([70, 70]);
  });
});
