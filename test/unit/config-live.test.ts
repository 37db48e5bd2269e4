import { writeFileSync } from "node:fs";
import { ConfigError, readConfig } from "../../src/platform/config/config.js";
import { writeTestFile } from "../server/support/consumers.js";
import { createLiveSettings } from "../server/support/live-settings.js";

const { environment: LIVE, authority, ours, remove } = createLiveSettings();
const consumers = writeTestFile("consumers.json", []);

afterAll(() => {
  consumers.remove();
  remove();
});

function faultsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(LIVE).filter(([name]) => !names.includes(name)));

test("live mode starts with all settings", () => {
  expect(readConfig(LIVE)).toMatchObject({
    SPINE_ENV: "live",
    organisations: [{ odsCode: "T82000", asid: "200000000115" }],
  });
});

test("live mode uses no sandbox default: one message lists each missing setting", () => {
  const optional = ["SPINE_ENV"];
  const compulsory = Object.keys(LIVE).filter((name) => !optional.includes(name));
  const faults = faultsOf({ SPINE_ENV: "live" });
  expect(faults.map((fault) => fault.split(" ")[0]).sort()).toEqual(compulsory.sort());
  expect(() => readConfig({ SPINE_ENV: "live" })).toThrow(/AUTH_ISSUER[\s\S]*PDS_URL[\s\S]*ID_SIGNING_KEY/);
});

// Proves GPC-SPN-TST-03, GPC-AMUS-MPA-6.
test.each(Object.keys(LIVE).filter((name) => name !== "SPINE_ENV"))(
  "live mode does not start without %s",
  (name) => {
    const faults = faultsOf(without(name));
    expect(faults).toHaveLength(name === "PDS_AUTH" ? 1 : faults.length);
    expect(faults.every((fault) => fault.startsWith(name) || fault.startsWith("SPINE_CA_FILE"))).toBe(true);
    expect(faults).not.toEqual([]);
  },
);

test.each(["AUTH_JWKS_URL", "PDS_URL", "PDS_TOKEN_URL", "SSP_URL", "SDS_URL"])(
  "live mode requires an encrypted URL in %s",
  (name) => {
    const faults = faultsOf({ ...LIVE, [name]: "http://plain.example", SDS_API_KEY: "key" });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name} must be encrypted: https:`))]);
  },
);

test("live mode requires ldaps: for the directory, and https: for V&M", () => {
  expect(faultsOf({ ...LIVE, SDS_URL: "ldap://sds.example" })).toEqual([
    "SDS_URL must be encrypted: https: or ldaps:",
  ]);
  expect(faultsOf({ ...LIVE, VM_URL: "http://vm.example", SPINE_ASID: "200000000117" })).toEqual([
    "VM_URL must be encrypted: https:",
  ]);
});

describe("authentication to PDS in live mode", () => {
  test("is refused without a token", () => {
    expect(faultsOf({ ...LIVE, PDS_AUTH: "none" })).toEqual([
      "PDS_AUTH must be signed-jwt or token-exchange in live mode",
    ]);
  });

  test("requires PDS_UNATTENDED for application-restricted access", () => {
    expect(faultsOf({ ...LIVE, PDS_AUTH: "signed-jwt" })).toEqual([
      expect.stringMatching(/^PDS_UNATTENDED=true is required/),
    ]);
    expect(faultsOf({ ...LIVE, PDS_AUTH: "signed-jwt", PDS_UNATTENDED: "false" })).toHaveLength(1);
    expect(faultsOf({ ...LIVE, PDS_AUTH: "signed-jwt", PDS_UNATTENDED: "true" })).toEqual([]);
  });

  test.each<[string, () => string, RegExp]>([
    ["that is not there", () => "canary-in-the-path", /cannot be read/],
    ["of a certificate", () => authority.certFile, /contains no private key/],
    ["of another kind", () => ours.keyFile, /contains no RSA key/],
  ])("accepts a private key, not a file %s", (_title, path, expected) => {
    const faults = faultsOf({ ...LIVE, PDS_PRIVATE_KEY_FILE: path() });
    expect(faults).toEqual([expect.stringMatching(expected)]);
    expect(faults.join()).not.toContain("canary");
  });
});

test("a directory over HTTP requires an API key", () => {
  const environment = { ...LIVE, SDS_URL: "https://sds.example/FHIR/R4" };
  expect(faultsOf(environment)).toEqual(["SDS_API_KEY is required in live mode"]);
  expect(faultsOf({ ...environment, SDS_API_KEY: "key" })).toEqual([]);
});

test("a file may list several organisations, and none gets a type by default", () => {
  const { path } = consumers;
  const {
    CONSUMER_ODS_CODE: odsCode,
    CONSUMER_NAME: name,
    CONSUMER_ASID: asid,
    CONSUMER_PHONE: phone,
  } = LIVE;
  writeFileSync(path, JSON.stringify([{ odsCode, name, asid, phone }]));
  const one = ["CONSUMER_ODS_CODE", "CONSUMER_NAME", "CONSUMER_ASID", "CONSUMER_PHONE"];
  expect(faultsOf({ ...without(...one), CONSUMERS_FILE: path })).toEqual([]);
  expect(readConfig(LIVE).organisations[0]).not.toHaveProperty("type");
  writeFileSync(path, JSON.stringify([{ odsCode, name, asid }]));
  expect(faultsOf({ ...without(...one), CONSUMERS_FILE: path })).toEqual([
    "CONSUMERS_FILE, organisation 1: phone is missing",
  ]);
});

test("VM_URL makes the directory's party key unnecessary", () => {
  const environment = { ...without("SPINE_PARTY_KEY"), VM_URL: "https://vm.example" };
  expect(faultsOf({ ...environment, SPINE_ASID: "200000000117" })).toEqual([]);
  expect(faultsOf(environment)).toEqual([expect.stringMatching(/^SPINE_ASID is required/)]);
});

test("live mode requires an encryption key for a shared cache", () => {
  const several = { ...LIVE, DATABASE_URL: "postgres://db.example/spine?sslmode=verify-full" };
  expect(faultsOf({ ...several, CACHE_URL: "rediss://cache.example" })).toEqual([
    expect.stringMatching(/^CACHE_ENCRYPTION_KEY is required/),
  ]);
});

test("one message lists all kinds of fault, each setting once, without values", () => {
  const faults = faultsOf({
    ...without("ID_SIGNING_KEY"),
    PORT: "canary-port",
    PDS_URL: "canary-url",
    CONSUMER_ASID: "canary-asid",
    SPINE_CLIENT_KEY_FILE: "-----BEGIN PRIVATE KEY-----canary",
    CACHE_ENCRYPTION_KEY: "canary-key",
  });
  expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
    "PORT",
    "PDS_URL",
    "CONSUMER_ASID",
    "CACHE_ENCRYPTION_KEY",
    "ID_SIGNING_KEY",
    "SPINE_CLIENT_KEY_FILE",
  ]);
  expect(faults.join()).not.toContain("canary");
});

describe("the store in live mode", () => {
  const stored = (settings: Record<string, string>) => faultsOf({ ...LIVE, ...settings });
  const redis = {
    CACHE_URL: "rediss://cache.example",
    CACHE_ENCRYPTION_KEY: "a cache key that only tests know: 32 or more",
  };

  test("SQLite serves one instance, so a shared cache refuses it", () => {
    expect(stored({ DATABASE_URL: "file:/srv/store.db" })).toEqual([]);
    expect(stored({ DATABASE_URL: "file:/srv/store.db", ...redis })).toEqual([
      "DATABASE_URL must be postgres:// with CACHE_URL: SQLite serves one instance only",
    ]);
    expect(stored({ DATABASE_URL: "postgres://db.example/spine?sslmode=verify-full", ...redis })).toEqual([]);
  });

  test.each([
    "postgres://db.example/spine",
    "postgres://db.example/spine?sslmode=disable",
    "postgresql://10.0.0.7/s",
    // The client takes the host of the query, and the last of several values.
    "postgres://localhost/spine?host=db.example",
    "postgres:///spine?host=db.example",
    "postgres://localhost/spine?host=localhost&host=db.example",
    "postgres://db.example/spine?sslmode=require&sslmode=disable",
    "postgres://db.example/spine?uselibpqcompat=true&sslmode=require",
    "postgres://db.example/spine?sslmode=verify-ca&uselibpqcompat=true",
  ])("%s is not encrypted", (url) => {
    expect(stored({ DATABASE_URL: url })).toEqual([expect.stringMatching(/^DATABASE_URL must be encrypted/)]);
  });

  test.each([
    "postgres://localhost/spine",
    "postgres://spine@127.0.0.1:5432/spine",
    "postgres:///spine?host=/var/run/postgresql",
  ])("%s stays on this machine", (url) => {
    expect(stored({ DATABASE_URL: url })).toEqual([]);
  });

  test.each(["mysql://db.example/spine", "store.db", "file:"])(
    "%s is no store, and is not repeated",
    (url) => {
      expect(stored({ DATABASE_URL: url })).toEqual(["DATABASE_URL is not a file: or postgres:// URL"]);
    },
  );

  test("a short STORE_KEY is refused, in any place of the list", () => {
    const long = "canary-store-key-of-32-characters-or-more";
    for (const key of ["short", `${long},short`]) {
      expect(stored({ STORE_KEY: key })).toEqual([
        expect.stringMatching(/^STORE_KEY must be keys of at least 32/),
      ]);
    }
    expect(stored({ STORE_KEY: `${long},${long.toUpperCase()}` })).toEqual([]);
  });
});
