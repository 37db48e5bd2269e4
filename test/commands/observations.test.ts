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
    expect(observations.since("a lease", "1")).toBe(0);
    stopwatch.advance(70);
    expect(observations.since("a lease", "1")).toBe(70);
    stopwatch.advance(5);
    expect(observations.since("a lease", "1")).toBe(75);
  });

  test("a new mark of the subject starts its measurement again", () => {
    observations.since("a lease", "1");
    stopwatch.advance(70);
    expect(observations.since("a lease", "2")).toBe(0);
    stopwatch.advance(5);
    expect(observations.since("a lease", "2")).toBe(5);
    // What was observed earlier is not remembered beside it.
    expect(observations.since("a lease", "1")).toBe(0);
  });

  test("each subject is measured for itself", () => {
    observations.since("a lease", "1");
    stopwatch.advance(70);
    expect(observations.since("b lease", "1")).toBe(0);
    expect(observations.since("a lease", "1")).toBe(70);
  });

  test("a started measurement counts from now, also when the mark was observed before", () => {
    observations.since("a bound", "1");
    stopwatch.advance(70);
    observations.start("a bound", "1");
    stopwatch.advance(3);
    expect(observations.since("a bound", "1")).toBe(3);
  });

  test("a measurement that starts later is negative until then", () => {
    observations.start("a bound", "1", 40);
    expect(observations.since("a bound", "1")).toBe(-40);
    stopwatch.advance(41);
    expect(observations.since("a bound", "1")).toBe(1);
  });

  test("a forgotten subject starts again, and no other does", () => {
    observations.since("a bound", "1");
    observations.since("b bound", "1");
    stopwatch.advance(70);
    observations.forget("a bound");
    expect(observations.since("a bound", "1")).toBe(0);
    expect(observations.since("b bound", "1")).toBe(70);
  });
});
