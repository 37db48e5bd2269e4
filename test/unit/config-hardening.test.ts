import { ConfigError, readConfig } from "../../src/platform/config/config.js";
import { weaknessOf } from "../../src/platform/config/weak-keys.js";
import { createLiveSettings } from "../server/support/live-settings.js";

const { environment: LIVE, remove } = createLiveSettings();
afterAll(remove);

const STRONG = "kX9v2Qm7Lw4Tz8Rb1Yc6Hn3Jd5Gf0Ps_";

function faultsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

const live = (settings: Readonly<Record<string, string>>) => faultsOf({ ...LIVE, ...settings });

describe("live mode refuses settings that work and are unsafe", () => {
  test.each([
    [
      "unchecked certificates",
      { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      /^NODE_TLS_REJECT_UNAUTHORIZED must not be 0/,
    ],
    [
      "an unencrypted cache",
      {
        CACHE_URL: "redis://cache.example",
        CACHE_ENCRYPTION_KEY: STRONG,
        DATABASE_URL: "postgres://localhost/s",
      },
      /^CACHE_URL must be encrypted/,
    ],
    [
      "a late-commit bound of 1 ms",
      { LATE_COMMIT_BOUND_MS: "1" },
      /^LATE_COMMIT_BOUND_MS must be at least 10000/,
    ],
    [
      "a late-commit bound just too short",
      { LATE_COMMIT_BOUND_MS: "9999" },
      /^LATE_COMMIT_BOUND_MS must be at least/,
    ],
    [
      "a late-commit bound below the write time-out",
      { SSP_WRITE_TIMEOUT_MS: "12000", LATE_COMMIT_BOUND_MS: "11999" },
      /^LATE_COMMIT_BOUND_MS must be at least 12000/,
    ],
    [
      "a late-commit bound below the read time-out that writes use by default",
      { SSP_TIMEOUT_MS: "15000", LATE_COMMIT_BOUND_MS: "14999" },
      /^LATE_COMMIT_BOUND_MS must be at least 15000/,
    ],
    [
      "unverified details",
      { REQUIRE_VERIFIED_DETAILS: "false" },
      /^REQUIRE_VERIFIED_DETAILS must not be false/,
    ],
    [
      "a signing key of one letter",
      { ID_SIGNING_KEY: "a".repeat(64) },
      /^ID_SIGNING_KEY is too easy to guess/,
    ],
    [
      "a weak key behind a strong one",
      { ID_SIGNING_KEY: `${STRONG},${"ab".repeat(20)}` },
      /^ID_SIGNING_KEY is too/,
    ],
    [
      "the same key twice",
      { ID_SIGNING_KEY: `${STRONG},${STRONG}` },
      /^ID_SIGNING_KEY contains the same key twice/,
    ],
    [
      "a weak store key",
      { STORE_KEY: "0123456789abcdefghijklmnopqrstuv" },
      /^STORE_KEY is too easy to guess/,
    ],
    [
      "a weak cache key",
      {
        CACHE_URL: "rediss://cache.example",
        CACHE_ENCRYPTION_KEY: "x".repeat(32),
        DATABASE_URL: "postgres://localhost/s",
      },
      /^CACHE_ENCRYPTION_KEY is too easy to guess/,
    ],
  ])("%s", (_what, settings: Record<string, string>, expected) => {
    expect(live(settings)).toEqual([expect.stringMatching(expected)]);
  });

  test("and accepts their safe values", () => {
    expect(
      live({
        NODE_TLS_REJECT_UNAUTHORIZED: "1",
        LATE_COMMIT_BOUND_MS: "10000",
        SSP_WRITE_TIMEOUT_MS: "10000",
        REQUIRE_VERIFIED_DETAILS: "true",
        ID_SIGNING_KEY: `${STRONG},${STRONG.toLowerCase()}`,
      }),
    ).toEqual([]);
  });

  test("and never repeats a key", () => {
    const weak = "abcabcabcabcabcabcabcabcabcabcabcabc";
    expect(live({ ID_SIGNING_KEY: weak, STORE_KEY: weak }).join()).not.toContain("abcabc");
  });

  test("which the sandbox permits", () => {
    const unsafe = {
      LATE_COMMIT_BOUND_MS: "1",
      REQUIRE_VERIFIED_DETAILS: "false",
      ID_SIGNING_KEY: "a".repeat(64),
    };
    expect(faultsOf({ ...unsafe, NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toEqual([]);
  });
});

describe("a host with a trailing dot is refused in every mode", () => {
  test.each(["PDS_URL", "PDS_TOKEN_URL", "SSP_URL", "VM_URL", "AUTH_JWKS_URL", "SDS_URL"])("%s", (name) => {
    const url = `${name === "SDS_URL" ? "ldaps" : "https"}://api.service.nhs.uk./path`;
    const expected = `${name} must not have a host that ends with a dot`;
    expect(faultsOf({ [name]: url })).toContain(expected);
    expect(live({ [name]: url, SPINE_ASID: "200000000117" })).toEqual([expected]);
  });

  test.each([
    "https://api.service.nhs.uk。/FHIR",
    "https://API.Service.NHS.uk./FHIR",
    "https://api.service.nhs.uk.:443/FHIR",
  ])("also as %s", (url) => {
    expect(faultsOf({ PDS_URL: url })).toEqual(["PDS_URL must not have a host that ends with a dot"]);
  });
});

describe("VM_HOSTS", () => {
  test("is a list of names and suffixes, in lower case", () => {
    expect(readConfig({ VM_HOSTS: ".Spineservices.nhs.uk, vm.example" }).VM_HOSTS).toEqual([
      ".spineservices.nhs.uk",
      "vm.example",
    ]);
  });

  test.each([
    "*.nhs.uk",
    "https://vm.example",
    "vm.example/path",
    "vm.example,",
    "vm example",
    ".",
    ",",
    "a..b",
    "vm.example.",
  ])("%j is refused", (value) => {
    expect(faultsOf({ VM_HOSTS: value })).toEqual([expect.stringMatching(/^VM_HOSTS must be host names/)]);
  });
});

describe("a weak key", () => {
  test.each([
    "a".repeat(40),
    "Aa".repeat(20),
    "abcdefgh".repeat(4),
    "correct-horse-".repeat(3),
    "0123456789abcdefghijklmnopqrstuv",
    "zyxwvutsrqponmlkjihgfedcba987654",
    "12345678901234567890123456789012",
  ])("is found: %s", (key) => {
    expect(weaknessOf(key)).toBeDefined();
  });

  test("is not seen in ten thousand random keys, hexadecimal or base64", () => {
    let state = 1;
    const byte = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) & 255;
    };
    for (let made = 0; made < 10_000; made += 1) {
      const key = Buffer.from(Array.from({ length: 24 }, byte));
      const found = [key.toString("base64"), key.toString("hex")].map(weaknessOf);
      expect(found).toEqual([undefined, undefined]);
    }
  });
});
