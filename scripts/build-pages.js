/**
 * Builds the explorer into dist/explorer and copies the documented operations to dist/operations.
 *
 *     node scripts/build-explorer.js [folder instead of dist]
 *
 * The editor is CodeMirror 6 with cm6-graphql, not GraphiQL: see docs/decisions/codemirror-explorer.md.
 */
const {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { createHash } = require("node:crypto");
const { basename, join, resolve } = require("node:path");
const { gzipSync } = require("node:zlib");
const { build } = require("esbuild");

const root = join(__dirname, "..");
const source = join(root, "src", "explorer");

/** Bundles the scripts and the styles. Resolves to the names of the files, which contain a hash of the content. */
async function bundle(target) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: join(source, "main.tsx"), out: "explorer" },
      { in: join(source, "styles", "explorer.css"), out: "explorer" },
    ],
    outdir: target,
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome111", "firefox121", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    // Packages choose between their development and production code by these.
    define: { "process.env.NODE_ENV": '"production"', "globalThis.process": "undefined" },
    legalComments: "eof",
    metafile: true,
    logLevel: "warning",
  });
  const names = Object.keys(metafile.outputs).map((path) => basename(path));
  return {
    SCRIPT: names.find((name) => name.endsWith(".js")),
    STYLE: names.find((name) => name.endsWith(".css")),
  };
}

/** Copies a file under a name with the hash of its content. */
function copyHashed(target, file) {
  const content = readFileSync(join(source, file));
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const name = file.replace(/(\.\w+)$/, `-${hash}$1`);
  writeFileSync(join(target, name), content);
  return name;
}

/** Builds the page into a folder and replaces what the folder held. */
async function buildExplorer(target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const names = { ...(await bundle(target)), ICON: copyHashed(target, "favicon.svg") };
  const page = readFileSync(join(source, "index.html"), "utf8");
  writeFileSync(
    join(target, "index.html"),
    page.replace(/%(SCRIPT|STYLE|ICON)%/g, (_mark, name) => `/explorer/${names[name]}`),
  );
  for (const name of readdirSync(target).filter((file) => /\.(js|css|svg)$/.test(file))) {
    writeFileSync(join(target, `${name}.gz`), gzipSync(readFileSync(join(target, name)), { level: 9 }));
  }
}

function copyOperations(target) {
  const operations = join(root, "test", "operations");
  rmSync(target, { recursive: true, force: true });
  if (existsSync(operations)) cpSync(operations, target, { recursive: true });
}

// Tests pass a folder of their own, so that they leave dist alone.
const target = resolve(process.argv[2] ?? join(root, "dist"));
copyOperations(join(target, "operations"));
buildExplorer(join(target, "explorer")).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
