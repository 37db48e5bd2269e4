import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readSourceFiles, type SourceFile, SRC } from "./source-files.js";

/** Lowest first: a floor may import itself and what is below it (design section 10). */
const FLOORS = ["domain", "platform", "upstreams", "loaders", "commands", "journeys", "graph", "server"];

/** The sandbox is a wing: it must not agree with the clients by sharing their mistakes. */
const SANDBOX_MAY_IMPORT = /^(sandbox\/|web-ui\/|platform\/(clock|telemetry\/log)\.ts$)/;

/** Services and the words for them. `upstreams/policies.ts` is the lowest file that may know them. */
const NHS_SERVICE = /\b(PDS|SDS|SSP|VM|V&M|PROVIDER|GP Connect)\b/;
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");

/** What the browser code shares with the server's own pages. It imports nothing but itself: `browser-imports.test.ts`. */
const WEB_UI = readdirSync(join(SRC, "web-ui"), { recursive: true, encoding: "utf8" }).map(
  (path) => `web-ui/${path.replaceAll("\\", "/")}`,
);

const files = readSourceFiles();
const top = (path: string) => path.split("/")[0] ?? "";

const pairs = files.flatMap((file) => file.imports.map((target) => ({ from: file.path, to: target })));
const named = (list: { from: string; to: string }[]) => list.map(({ from, to }) => `${from} → ${to}`);

test("there is something to look at", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(pairs.length).toBeGreaterThan(200);
});

test("every import leads to a file", () => {
  const known = new Set([...files.map(({ path }) => path), ...WEB_UI]);
  expect(named(pairs.filter(({ to }) => !known.has(to)))).toEqual([]);
});

test("imports go down only", () => {
  const upward = pairs.filter(({ from, to }) => {
    const [lower, upper] = [FLOORS.indexOf(top(from)), FLOORS.indexOf(top(to))];
    return lower >= 0 && (upper > lower || upper < 0);
  });
  expect(named(upward)).toEqual([]);
});

test("only main.ts opens the sandbox's door, and the sandbox imports no client", () => {
  const inward = pairs.filter(({ from, to }) => top(to) === "sandbox" && top(from) !== "sandbox");
  expect(named(inward.filter(({ from, to }) => from !== "main.ts" || to !== "sandbox/index.ts"))).toEqual([]);
  const outward = pairs.filter(({ from }) => top(from) === "sandbox");
  expect(named(outward.filter(({ to }) => !SANDBOX_MAY_IMPORT.test(to)))).toEqual([]);
});

test("upstreams share only the files beside their folders, and are entered through their index", () => {
  const isShared = (path: string) => path.startsWith("upstreams/") && path.split("/").length === 2;
  const crossing = pairs.filter(
    ({ from, to }) => top(to) === "upstreams" && !isShared(to) && folderOf(from) !== folderOf(to),
  );
  expect(
    named(crossing.filter(({ from, to }) => top(from) === "upstreams" || !to.endsWith("/index.ts"))),
  ).toEqual([]);
});

test("wire shapes stay in their upstream's folder", () => {
  const leaks = pairs.filter(({ from, to }) => to.endsWith("/wire.ts") && folderOf(from) !== folderOf(to));
  expect(named(leaks)).toEqual([]);
});

test("the platform names no NHS service, except in the names of settings", () => {
  const platform = files.filter(({ path }) => /^platform\/(?!config\/)/.test(path));
  const naming = platform.filter(({ text }) => NHS_SERVICE.test(withoutComments(text)));
  expect(naming.map(({ path }) => path)).toEqual([]);
});

test.each(['service === "SSP"', "type Called = 'PDS';", "const words = `the V&M service`;", '"GP Connect"'])(
  "an NHS service in the platform would be found: %s",
  (text) => {
    expect(NHS_SERVICE.test(withoutComments(`/* PDS notes */ ${text} // SDS notes`))).toBe(true);
    expect(NHS_SERVICE.test(withoutComments("/* PDS notes */ const tls = 1; // SDS notes"))).toBe(false);
  },
);

test("GraphQL knows nothing of HTTP", () => {
  const graph = files.filter(({ path }) => path.startsWith("graph/"));
  const offenders = graph.filter(({ text }) =>
    /from "(undici|fastify|node:https?)"|platform\/http/.test(text),
  );
  expect(offenders.map(({ path }) => path)).toEqual([]);
});

test("only the main.ts files read the environment", () => {
  const readers = files.filter(
    ({ path, text }) => path !== "main.ts" && path !== "sandbox/main.ts" && /process\.env/.test(text),
  );
  expect(readers.map(({ path }) => path)).toEqual([]);
});

test("no files import each other in a circle", () => {
  expect(circles(graphOf(files))).toEqual([]);
});

test("no folders import each other in a circle", () => {
  expect(circles(graphOf(files, folderOf))).toEqual([]);
});

test("a circle between files would be found", () => {
  const planted = [file("a", "b"), file("b", "c"), file("c", "a"), file("d", "a")];

  expect(circles(graphOf(planted))).toEqual(["a → b → c → a"]);
});

test("a circle between folders would be found, although its files form none", () => {
  const planted = [
    file("graph/slot/slot.ts", "graph/practice/practice.ts"),
    file("graph/practice/practice.ts"),
    file("graph/practice/find.ts", "graph/slot/args.ts"),
    file("graph/slot/args.ts"),
    file("graph/slot/deeper/still.ts", "graph/context.ts"),
    file("graph/context.ts"),
    file("graph/schema.ts", "graph/slot/slot.ts", "graph/context.ts"),
  ];

  expect(circles(graphOf(planted))).toEqual([]);
  expect(circles(graphOf(planted, folderOf))).toEqual(["graph/practice → graph/slot → graph/practice"]);
});

function file(path: string, ...imports: string[]): SourceFile {
  return { path, text: "", imports };
}

/** The folder of a file, two levels deep. A file directly in a floor stands for itself. */
function folderOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}

type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** Who imports whom, in order of name. Imports within one node are left out. */
function graphOf(all: readonly SourceFile[], nodeOf: (path: string) => string = (path) => path): ImportGraph {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of all) {
    const from = nodeOf(path);
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const target of imports.map(nodeOf)) if (target !== from) targets.add(target);
  }
  return new Map([...graph].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Circles, found by a walk from every node. Not each one that exists, but none only when there is none. */
function circles(graph: ImportGraph): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node);
    if (start >= 0) found.push([...path.slice(start), node].join(" → "));
    if (start >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) walk(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) walk(node, []);
  return found;
}
