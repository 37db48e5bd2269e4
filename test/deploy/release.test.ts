import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const ROOT = resolve(__dirname, "../..");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const { version, private: isPrivate } = JSON.parse(read("package.json"));

test("the chart and the image have the version of the program", () => {
  const chart = parse(read("deploy/chart/Chart.yaml"));
  expect({ version: chart.version, appVersion: chart.appVersion }).toEqual({ version, appVersion: version });
});

test("the changelog has an entry of this version", () => {
  expect(read("CHANGELOG.md")).toMatch(new RegExp(`^## ${version.replaceAll(".", "\\.")}\\b`, "m"));
});

test("a private package gets a version and a tag from changesets", () => {
  const { privatePackages } = JSON.parse(read(".changeset/config.json"));
  expect({ isPrivate, privatePackages }).toEqual({
    isPrivate: true,
    privatePackages: { version: true, tag: true },
  });
});

test("updates are proposed for packages, workflows and base images", () => {
  const { updates } = parse(read(".github/dependabot.yml"));
  const ecosystems = updates.map((update: { "package-ecosystem": string }) => update["package-ecosystem"]);
  expect(ecosystems).toEqual(expect.arrayContaining(["npm", "github-actions", "docker"]));
});

test.each(["docs/going-live.md", "docs/capacity.md", "docs/releases.md", "docs/runbook.md"])(
  "%s links to files that exist",
  (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? "");
    expect(targets.filter((target) => !existsSync(resolve(ROOT, "docs", target)))).toEqual([]);
  },
);
