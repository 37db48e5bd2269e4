import { ConfigError, readConfig } from "../../src/platform/config/config.js";

const SECRET = "0123456789abcdef0123456789abcdef";
const SHARED = { CACHE_URL: "redis://localhost:6379", CACHE_ENCRYPTION_KEY: SECRET };

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

test("by default nothing is shared, and the times to live are those of the design", () => {
  const config = readConfig({});
  expect(config.CACHE_URL).toBeUndefined();
  expect(config).toMatchObject({
    PDS_CACHE_SECONDS: 120,
    SPINE_ENDPOINT_CACHE_MINUTES: 10,
    CAPABILITIES_CACHE_HOURS: 4,
  });
});

test("a shared cache needs an encryption key", () => {
  expect(faultsOf({ CACHE_URL: SHARED.CACHE_URL })).toEqual([
    expect.stringMatching(/^CACHE_ENCRYPTION_KEY is required/),
  ]);
  expect(faultsOf(SHARED)).toEqual([]);
});

test("several keys, separated by commas, keep their order", () => {
  const keys = [`${SECRET}new`, `${SECRET}old`];
  expect(readConfig({ ...SHARED, CACHE_ENCRYPTION_KEY: keys.join(" , ") }).CACHE_ENCRYPTION_KEY).toEqual(
    keys,
  );
});

test.each(["short", `${SECRET},short`, `${SECRET},`])(
  "a key of fewer than 32 characters is refused",
  (keys) => {
    const faults = faultsOf({ ...SHARED, CACHE_ENCRYPTION_KEY: keys });
    expect(faults).toEqual([expect.stringMatching(/^CACHE_ENCRYPTION_KEY must be keys of at least 32/)]);
    expect(faults.join()).not.toContain(SECRET);
  },
);

test.each(["http://localhost:6379", "localhost:6379", "redis"])(
  "%s is not accepted as the address of a cache",
  (url) => {
    expect(faultsOf({ ...SHARED, CACHE_URL: url })).toEqual(["CACHE_URL is not a redis(s) URL"]);
  },
);

// Proves GPC-CORE01, HAZ-STALE.
test("a trace is reused for at most five minutes", () => {
  expect(readConfig({ PDS_CACHE_SECONDS: "300" }).PDS_CACHE_SECONDS).toBe(300);
  expect(faultsOf({ PDS_CACHE_SECONDS: "301" })).toHaveLength(1);
  expect(faultsOf({ PDS_CACHE_SECONDS: "-1" })).toHaveLength(1);
  expect(readConfig({ PDS_CACHE_SECONDS: "0" }).PDS_CACHE_SECONDS).toBe(0);
});
