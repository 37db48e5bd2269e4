import { readSourceFiles, type SourceFile } from "./source-files.js";

/** Lowest first: a floor may import itself and what is below it (design section 10). */
const FLOORS = ["domain", "platform", "upstreams", "loaders", "journeys", "graph", "server"];

/** The sandbox is a wing: it must not agree with the clients by sharing their mistakes. */
const SANDBOX_MAY_IMPORT = /^(sandbox\/|domain\/|platform\/(clock|telemetry\/log)\.ts$)/;

const files = readSourceFiles();
const top = (path: string) => path.split("/")[0] ?? "";
const roomOf = (path: string) => path.split("/").slice(0, 2).join("/");

const pairs = files.flatMap((file) => file.imports.map((target) => ({ from: file.path, to: target })));
const named = (list: { from: string; to: string }[]) => list.map(({ from, to }) => `${from} → ${to}`);

test("there is something to look at", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(pairs.length).toBeGreaterThan(200);
});

test("every import leads to a file", () => {
  const known = new Set(files.map(({ path }) => path));
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
    ({ from, to }) => top(to) === "upstreams" && !isShared(to) && roomOf(from) !== roomOf(to),
  );
  expect(
    named(crossing.filter(({ from, to }) => top(from) === "upstreams" || !to.endsWith("/index.ts"))),
  ).toEqual([]);
});

test("wire shapes stay in their upstream's folder", () => {
  const leaks = pairs.filter(({ from, to }) => to.endsWith("/wire.ts") && roomOf(from) !== roomOf(to));
  expect(named(leaks)).toEqual([]);
});

test("GraphQL knows nothing of HTTP", () => {
  const graph = files.filter(({ path }) => path.startsWith("graph/"));
  const offenders = graph.filter(({ text }) =>
    /from "(undici|fastify|node:https?)"|platform\/http/.test(text),
  );
  expect(offenders.map(({ path }) => path)).toEqual([]);
});

test("only main.ts reads the environment", () => {
  const readers = files.filter(({ path, text }) => path !== "main.ts" && /process\.env/.test(text));
  expect(readers.map(({ path }) => path)).toEqual([]);
});

test("there are no circles", () => {
  expect(circles(files)).toEqual([]);
});

test("a circle would be found", () => {
  const file = (path: string, ...imports: string[]): SourceFile => ({ path, text: "", imports });
  expect(circles([file("a", "b"), file("b", "c"), file("c", "a"), file("d", "a")])).toEqual([
    "a → b → c → a",
  ]);
});

/** Each circle once, found by walking from every file and noting the way. */
function circles(all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push([...way.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const { path } of all) walk(path, []);
  return found;
}
