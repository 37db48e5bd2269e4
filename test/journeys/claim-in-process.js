/** Claims fifty keys in a process of its own and reports which of them it got. Run by the test of the file store. */
const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const { dirname, resolve } = require("node:path");
const { transformSync } = require("@swc/core");

// The sources as they are, without a build: only relative imports, with `.js` for what is `.ts`.
const cache = new Map();
function load(path) {
  const known = cache.get(path);
  if (known) return known.exports;
  const module = { exports: {} };
  cache.set(path, module);
  const { code } = transformSync(readFileSync(path, "utf8"), {
    filename: path,
    module: { type: "commonjs" },
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  });
  const outside = createRequire(path);
  const within = (name) =>
    name.startsWith(".") ? load(resolve(dirname(path), name.replace(/\.js$/, ".ts"))) : outside(name);
  new Function("module", "exports", "require", code)(module, module.exports, within);
  return module.exports;
}

async function main() {
  const [, , file, name] = process.argv;
  const { createFileIntentStore } = load(
    resolve(__dirname, "../../src/platform/intents/file-intent-store.ts"),
  );
  const store = createFileIntentStore({ path: file, clock: { now: () => Date.now() } });
  const keys = Array.from({ length: 50 }, (_, index) => `key ${index}`);
  const answers = [];
  for (const key of keys) {
    const entry = { text: name, open: true, expiresAt: Date.now() * 2 };
    answers.push(await store.claim(key, entry));
  }
  process.send(keys.filter((_key, index) => answers[index].kind === "claimed"));
  await store.close();
}

void main();
