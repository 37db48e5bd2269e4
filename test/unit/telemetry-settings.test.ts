import { ConfigError, readConfig } from "../../src/platform/config/config.js";

test("by default every request is recorded that no caller decides for", () => {
  expect(readConfig({})).toMatchObject({
    OTEL_TRACES_SAMPLER: "parentbased_always_on",
    OTEL_TRACES_SAMPLER_ARG: 1,
  });
});

test.each([
  ["OTEL_TRACES_SAMPLER", "traceidratio"],
  ["OTEL_TRACES_SAMPLER_ARG", "1.01"],
  ["OTEL_TRACES_SAMPLER_ARG", "-0.1"],
  ["OTEL_TRACES_SAMPLER_ARG", "a quarter"],
])("%s=%s is refused, and the fault names the setting", (name, value) => {
  let fault: unknown;
  try {
    readConfig({ [name]: value });
  } catch (error) {
    fault = error;
  }
  expect(fault).toBeInstanceOf(ConfigError);
  expect((fault as ConfigError).faults).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
});

test.each(["0", "0.25", "1"])("a share of %s is accepted", (share) => {
  expect(readConfig({ OTEL_TRACES_SAMPLER_ARG: share }).OTEL_TRACES_SAMPLER_ARG).toBe(Number(share));
});
