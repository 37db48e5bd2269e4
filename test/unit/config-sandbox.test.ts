import { ConfigError, readConfig, SETTING_NAMES } from "../../src/platform/config/config.js";
import { hostRules } from "../../src/platform/config/host-rules.js";
import { requiresAuditForQueries } from "../../src/server/plugins/confirm-audit.plugin.js";
import { createTestAuthorities } from "../support/certificates.js";

function faultsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
}

test("the sandbox starts without settings; an empty variable counts as not set", () => {
  const empty = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, name === "CONSUMER_TYPE" ? undefined : ""]),
  );
  expect(readConfig(empty)).toEqual(readConfig({}));
  expect(readConfig({})).toMatchObject({ SPINE_ENV: "sandbox", PDS_AUTH: "none", PORT: 4000 });
});

test("the settings cannot be changed once they are read", () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

test("the time-out of writes is left to that of reads unless it is set", () => {
  expect(readConfig({ SSP_TIMEOUT_MS: "15000" }).SSP_WRITE_TIMEOUT_MS).toBeUndefined();
  expect(readConfig({ SSP_WRITE_TIMEOUT_MS: "12000" }).SSP_WRITE_TIMEOUT_MS).toBe(12_000);
});

test("an unknown mode is refused", () => {
  expect(faultsOf({ SPINE_ENV: "production" })).toEqual(["SPINE_ENV must be sandbox or live"]);
});

describe("authentication of callers in the sandbox", () => {
  const ALL = {
    AUTH_ISSUER: "https://login.example/",
    AUTH_AUDIENCE: "spine-graph",
    AUTH_JWKS_URL: "http://localhost:8080/keys",
  };

  test("can be switched on; issuer and address are kept exactly", () => {
    expect(readConfig(ALL)).toMatchObject(ALL);
  });

  test.each(Object.keys(ALL))("%s alone is refused", (name) => {
    const others = Object.keys(ALL).filter((other) => other !== name);
    expect(faultsOf({ [name]: ALL[name as keyof typeof ALL] })).toEqual(
      others.map((other) => `${other} is required with the other AUTH_ settings`),
    );
  });

  test.each(["ROUTER_IDENTITY", "ID_TOKEN"])(
    "%s settings need each other and the bearer token's",
    (prefix) => {
      expect(faultsOf({ [`${prefix}_JWKS_URL`]: "http://localhost:8080/keys" })).toEqual([
        `${prefix}_ISSUER is required with the other ${prefix}_ settings`,
        `${prefix}_AUDIENCE is required with the other ${prefix}_ settings`,
        expect.stringMatching(/^AUTH_JWKS_URL is required/),
      ]);
    },
  );

  test("a router must not have the issuer of the bearer tokens", () => {
    const router = {
      ROUTER_IDENTITY_ISSUER: ALL.AUTH_ISSUER,
      ROUTER_IDENTITY_AUDIENCE: "spine-graph",
      ROUTER_IDENTITY_JWKS_URL: ALL.AUTH_JWKS_URL,
    };
    expect(faultsOf({ ...ALL, ...router })).toEqual([
      expect.stringMatching(/^ROUTER_IDENTITY_ISSUER must not be AUTH_ISSUER/),
    ]);
  });
});

describe("addresses in the sandbox", () => {
  test.each(["HOST=0.0.0.0", "HOST=graph.example"])(
    "%s is refused: callers are not authenticated",
    (pair) => {
      expect(faultsOf(Object.fromEntries([pair.split("=")]))).toEqual([
        expect.stringMatching(/^HOST must be a loopback/),
      ]);
    },
  );

  test.each([
    ["PDS_URL", "https://api.service.nhs.uk/personal-demographics/FHIR/R4"],
    ["PDS_TOKEN_URL", "https://api.service.nhs.uk/oauth2/token"],
    ["SDS_URL", "ldaps://ldap.national.ncrs.nhs.uk"],
    ["VM_URL", "https://msg.spineservices.nhs.uk/vm"],
  ])("%s must not be a production host", (name, url) => {
    expect(faultsOf({ [name]: url, SPINE_ASID: "200000000117" })).toEqual([
      `${name} names a production host, which the sandbox must not call`,
    ]);
  });

  test("a real proxy requires a real directory; each address of another machine causes one warning", () => {
    expect(faultsOf({ SSP_URL: "https://ssp.example" })).toEqual([
      expect.stringMatching(/^SDS_URL is required/),
    ]);
    const config = readConfig({
      SSP_URL: "https://ssp.example",
      SDS_URL: "ldap://sds.example",
      PDS_URL: "http://localhost",
    });
    expect(hostRules(config).warnings.map((warning) => warning.split(" ")[0])).toEqual([
      "SDS_URL",
      "SSP_URL",
    ]);
  });
});

describe("PDS tokens in the sandbox", () => {
  const required = (...names: string[]) =>
    names.map((name) => `${name} is required with PDS_AUTH=signed-jwt`);

  test("require every setting for signing", () => {
    expect(faultsOf({ PDS_AUTH: "signed-jwt" })).toEqual(
      required("PDS_API_KEY", "PDS_KEY_ID", "PDS_PRIVATE_KEY_FILE"),
    );
  });

  test("require both addresses or none: the embedded PDS has its own", () => {
    const client = { PDS_API_KEY: "key", PDS_KEY_ID: "id" };
    const settings = { PDS_AUTH: "signed-jwt", ...client };
    const address = "http://127.0.0.1:9";
    expect(faultsOf(settings)).toEqual(required("PDS_PRIVATE_KEY_FILE"));
    expect(faultsOf({ ...settings, PDS_URL: address })).toEqual(
      required("PDS_TOKEN_URL", "PDS_PRIVATE_KEY_FILE"),
    );
    expect(faultsOf({ ...settings, PDS_TOKEN_URL: address })).toEqual(
      required("PDS_URL", "PDS_PRIVATE_KEY_FILE"),
    );
  });
});

describe("TLS with Spine", () => {
  const authorities = createTestAuthorities();
  const authority = authorities.found("Spine");
  const ours = authority.issue("consumer.example", { usage: "clientAuth" });
  afterAll(() => authorities.remove());

  test("certificate, key and authorities are required together", () => {
    const cert = { SPINE_CLIENT_CERT_FILE: ours.certFile };
    const key = { SPINE_CLIENT_KEY_FILE: ours.keyFile };
    const ca = { SPINE_CA_FILE: authority.certFile };
    const missing = (environment: Record<string, string>) =>
      faultsOf(environment).map((fault) => fault.split(" ")[0]);
    expect(missing({ ...cert, ...key, ...ca })).toEqual([]);
    expect(missing(ca)).toEqual([]);
    expect(missing({ ...cert, ...ca })).toEqual(["SPINE_CLIENT_KEY_FILE"]);
    expect(missing({ ...key, ...ca })).toEqual(["SPINE_CLIENT_CERT_FILE"]);
    expect(missing({ ...cert, ...key })).toEqual(["SPINE_CA_FILE"]);
    expect(missing({ SPINE_CRL_FILE: authority.certFile })).toEqual(["SPINE_CA_FILE"]);
  });

  test("only version 1.2 is used unless a setting permits 1.3", () => {
    expect(readConfig({}).SPINE_TLS_MAX_VERSION).toBe("TLSv1.2");
    expect(readConfig({ SPINE_TLS_MAX_VERSION: "TLSv1.3" }).SPINE_TLS_MAX_VERSION).toBe("TLSv1.3");
    expect(faultsOf({ SPINE_TLS_MAX_VERSION: "TLSv1.1" })).toHaveLength(1);
  });

  test("faults in the files are listed with the other faults", () => {
    const environment = {
      SPINE_CLIENT_CERT_FILE: ours.keyFile,
      SPINE_CLIENT_KEY_FILE: ours.certFile,
      PORT: "x",
    };
    expect(
      faultsOf({ ...environment, SPINE_CA_FILE: "/nowhere" }).map((fault) => fault.split(" ")[0]),
    ).toEqual(["PORT", "SPINE_CA_FILE", "SPINE_CLIENT_CERT_FILE", "SPINE_CLIENT_KEY_FILE"]);
  });
});

describe("settings that another one decides when they are not set", () => {
  // A default would hide that a setting was left out. Each of these must stay undefined, so that the other one decides.
  const DECIDED_ELSEWHERE = [
    "SSP_WRITE_TIMEOUT_MS",
    "REQUIRE_VERIFIED_DETAILS",
    "REQUIRE_AUDIT_FOR_QUERIES",
    "EXPLORER",
    "INTROSPECTION",
    "GET_QUERIES",
    "PDS_MAX_RPS",
    "SDS_MAX_RPS",
  ];

  test.each(DECIDED_ELSEWHERE)("%s has no value of its own, also when it is empty", (name) => {
    expect(readConfig({})).not.toHaveProperty(name, expect.anything());
    expect(readConfig({ [name]: "" })).not.toHaveProperty(name, expect.anything());
  });

  test("the time-out of writes is taken when it is set", () => {
    expect(readConfig({ SSP_WRITE_TIMEOUT_MS: "1234" })).toMatchObject({ SSP_WRITE_TIMEOUT_MS: 1_234 });
  });

  test.each([
    ["live", undefined, true],
    ["sandbox", undefined, false],
    ["live", false, false],
    ["sandbox", true, true],
  ] as const)("queries need their audit in %s mode, set to %s: %s", (SPINE_ENV, setting, isRequired) => {
    const settings = { SPINE_ENV, REQUIRE_AUDIT_FOR_QUERIES: setting };
    expect(requiresAuditForQueries(settings)).toBe(isRequired);
  });
});
