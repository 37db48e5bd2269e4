import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

// The program is compiled, and started as the image starts it.
jest.setTimeout(120_000);

const ROOT = resolve(__dirname, "../..");
const {
  createContextFilter,
  parseCommand,
  parseCopy,
  parseDockerfile,
  parseEnv,
} = require("../../scripts/dockerfile.js");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

interface Stage {
  readonly name: string;
  readonly image: string;
  readonly steps: readonly { readonly instruction: string; readonly value: string }[];
}
const stages: Stage[] = parseDockerfile(read("Dockerfile"));
const last = stages.at(-1) as Stage;
const sandboxStages: Stage[] = parseDockerfile(read("Dockerfile.sandbox"));
const sandboxImage = sandboxStages.at(-1) as Stage;
const valuesOf = (stage: Stage, instruction: string) =>
  stage.steps.filter((step) => step.instruction === instruction).map(({ value }) => value);

test("the steps of the Dockerfile, run in a clean folder, make a program that responds and writes to var only", () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ["scripts/check-image.js", "--linked"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: "" });
});

test("the steps of Dockerfile.sandbox, run in a clean folder, make a sandbox that responds and writes nothing", () => {
  const args = ["scripts/check-image.js", "--linked", "--sandbox"];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: "" });
});

test("the sandbox's image is built like the service's, and can be reached from outside its container", () => {
  const before = (all: readonly Stage[]) => all.slice(0, -1);
  expect(before(sandboxStages)).toEqual(before(stages));
  expect(sandboxImage.image).toBe(last.image);
  expect(valuesOf(sandboxImage, "USER")).toEqual(valuesOf(last, "USER"));
  expect(valuesOf(sandboxImage, "ENV").map(parseEnv)).toEqual([
    { NODE_ENV: "production", SANDBOX_BIND_ALL: "true" },
  ]);
  expect(valuesOf(sandboxImage, "EXPOSE")).toEqual(["8400-8406"]);
});

test("every base image is slim, pinned by a tag, and of the Node.js of .nvmrc", () => {
  const major = read(".nvmrc").trim();
  expect(stages.map(({ image }) => image)).toEqual(
    stages.map(() => expect.stringMatching(`^node:${major}-\\w+-slim$`)),
  );
});

test("the image runs as a numbered user without rights, has a health check, and no shell between it and signals", () => {
  expect(valuesOf(last, "USER")).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  expect(valuesOf(last, "HEALTHCHECK")).toEqual([expect.stringContaining("/health/live")]);
  expect(() => valuesOf(last, "CMD").map(parseCommand)).not.toThrow();
});

test("the image starts with the flags of npm start", () => {
  const { scripts } = JSON.parse(read("package.json"));
  expect(valuesOf(last, "CMD").map((value) => parseCommand(value).join(" "))).toEqual([scripts.start]);
});

test("the image takes its packages from the stage that installs no development dependencies", () => {
  const copies: { sources: string[] }[] = valuesOf(last, "COPY").map(parseCopy);
  const packages = copies.filter(({ sources }) => sources.some((source) => source.includes("node_modules")));
  expect(packages).toEqual([expect.objectContaining({ from: "dependencies" })]);
  const dependencies = stages.find(({ name }) => name === "dependencies") as Stage;
  expect(valuesOf(dependencies, "RUN")).toEqual([expect.stringMatching(/^npm ci --omit=dev\b/)]);
});

test.each([
  ".env",
  ".git/config",
  "var/audit.ndjson",
  "node_modules/x/index.js",
  "test/unit/x.test.ts",
  "docs/x.md",
])("%s stays outside the build", (path) => {
  expect(createContextFilter(read(".dockerignore"))(path)).toBe(false);
});

test.each([
  "ADD x y",
  "RUN x\nFROM node:22 AS a b",
  "ARG SECRET",
  "VOLUME /x",
  "FROM --platform=linux/amd64 node:22",
])("the instruction %j, which the check would not run, is refused", (text) => {
  expect(() => parseDockerfile(text)).toThrow(/not understood|before the first/);
});

test.each([
  ["COPY", () => parseCopy("--chown=1:1 a b")],
  ["COPY", () => parseCopy("a*.json ./")],
  ["COPY", () => parseCopy("a")],
  ["ENV", () => parseEnv("NAME=$OTHER")],
  ["CMD", () => parseCommand("node main.js")],
  ["a pattern of .dockerignore", () => createContextFilter("*\n!src/*.ts")],
])("a form of %s that the check does not understand is refused", (_form, parse) => {
  expect(parse).toThrow();
});
