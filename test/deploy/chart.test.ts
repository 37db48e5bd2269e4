import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { readConfig, SETTING_NAMES } from "../../src/platform/config/config.js";
import { createLiveSettings } from "../server/support/live-settings.js";

const CHART = resolve(__dirname, "../../deploy/chart");
const read = (name: string) => readFileSync(join(CHART, name), "utf8");
const example = parse(read("ci/live.yaml"));
const defaults = parse(read("values.yaml"));
const schema = JSON.parse(read("values.schema.json"));
const deployment = read("templates/deployment.yaml");

/** What a setting of a Secret may hold: long enough for a key, and an address where one is needed. */
function secretValue(name: string): string {
  if (name === "DATABASE_URL") return "postgres://spine@db.example.org/spine?sslmode=verify-full";
  if (name === "CACHE_URL") return "rediss://cache.example.org";
  return `${name}-of-the-example-with-enough-characters`;
}

test("the example is a complete live configuration, with known settings only", () => {
  const names = [...Object.keys(example.settings), ...Object.keys(example.secretSettings)];
  expect(names.filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
  const secrets = Object.keys(example.secretSettings).map((name) => [name, secretValue(name)]);
  // Files of a real certificate stand where the example names those of its Secrets.
  const files = Object.keys(example.settings).filter((name) => name.endsWith("_FILE"));
  const mounts: string[] = example.secretFiles.map(({ mountPath }: { mountPath: string }) => `${mountPath}/`);
  expect(files.filter((name) => !mounts.some((mount) => example.settings[name].startsWith(mount)))).toEqual(
    [],
  );
  const live = createLiveSettings();
  try {
    const environment: Record<string, string> = {
      SPINE_ENV: "live",
      HOST: "0.0.0.0",
      ...example.settings,
      ...Object.fromEntries(secrets),
      ...Object.fromEntries(files.map((name) => [name, live.environment[name]])),
    };
    expect(() => readConfig(environment)).not.toThrow();
  } finally {
    live.remove();
  }
});

test("the schema refuses every secret among the plain settings", () => {
  const refused: string[] = schema.properties.settings.propertyNames.not.enum;
  const secrets = SETTING_NAMES.filter(
    (name) => /_KEY$|^DATABASE_URL$|^CACHE_URL$/.test(name) && name !== "SPINE_PARTY_KEY",
  );
  expect(secrets.filter((name) => !refused.includes(name))).toEqual([]);
  expect(refused.filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
});

test("the schema describes every default value", () => {
  expect(Object.keys(defaults).filter((name) => !(name in schema.properties))).toEqual([]);
});

test("the grace period leaves the program its 30 seconds after the pause of preStop", () => {
  expect(defaults.terminationGracePeriodSeconds).toBeGreaterThan(defaults.preStopSeconds + 30);
});

test("the pod runs without rights and with a read-only root file system", () => {
  for (const line of [
    "runAsNonRoot: true",
    "readOnlyRootFilesystem: true",
    "allowPrivilegeEscalation: false",
    "drop: [ALL]",
  ]) {
    expect(deployment).toContain(line);
  }
});

test("liveness asks for the process, and readiness for what it can serve", () => {
  const probes = parse(
    `{${[...deployment.matchAll(/(\w+Probe):\n +httpGet: (\{.*\})/g)].map(([, name, get]) => `${name}: ${get}`).join(", ")}}`,
  );
  expect(probes).toEqual({
    startupProbe: { path: "/health/live", port: "metrics" },
    livenessProbe: { path: "/health/live", port: "metrics" },
    readinessProbe: { path: "/health/ready", port: "http" },
  });
});
