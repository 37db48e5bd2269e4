import { ConfigError, readConfig } from "../../src/platform/config/config.js";
import { DIVIDED_LIMITS, toWorkerLimits, workerCount } from "../../src/platform/config/worker-settings.js";

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

test("one process serves unless WORKERS says otherwise", () => {
  expect(workerCount(readConfig({}), 8)).toBe(1);
  expect(workerCount(readConfig({ WORKERS: "3" }), 2)).toBe(3);
});

test("auto starts a worker for each processor, and no more than the smallest limit can be divided by", () => {
  expect(workerCount(readConfig({ WORKERS: "auto" }), 4)).toBe(4);
  expect(workerCount(readConfig({ WORKERS: "auto" }), 32)).toBe(8);
  expect(workerCount(readConfig({ WORKERS: "auto", PRACTICE_MAX_CONCURRENCY: "1" }), 4)).toBe(1);
});

test.each(["0", "-1", "1.5", "65", "two", "Auto"])("WORKERS=%s is refused", (value) => {
  expect(faultsOf({ WORKERS: value })).toEqual([expect.stringMatching(/^WORKERS must be /)]);
});

test.each(DIVIDED_LIMITS)(
  "more workers than %s cannot each have a part of it, so they are refused",
  (name) => {
    expect(faultsOf({ WORKERS: "3", [name]: "2" })).toEqual([
      `WORKERS must be at most 2: each worker needs a part of ${name}`,
    ]);
    expect(faultsOf({ WORKERS: "2", [name]: "2" })).toEqual([]);
  },
);

test.each([2, 3, 7])("the parts of %i workers together exceed no limit of the instance", (workers) => {
  const config = readConfig({ WORKERS: String(workers) });
  const part = toWorkerLimits(config, workers);

  for (const name of DIVIDED_LIMITS) {
    expect(part[name]).toBeGreaterThanOrEqual(1);
    expect(part[name] * workers).toBeLessThanOrEqual(config[name]);
  }
});
