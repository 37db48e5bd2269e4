/**
 * Builds the explorer into dist/explorer and the sandbox's console into dist/sandbox/console/assets, and copies the
 * documented operations to dist/operations.
 *
 *     node scripts/build-pages.js [folder instead of dist]
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
const icon = join(root, "src", "web-ui", "favicon.svg");

/** Each page: its source folder, its folder in the output, and the path under which its files are served. */
const PAGES = [
  { name: "explorer", source: "explorer", output: "explorer", path: "/explorer" },
  {
    name: "console",
    source: "sandbox-console",
    output: join("sandbox", "console", "assets"),
    path: "/console",
  },
];

/** Bundles the scripts and the styles. Resolves to the names of the files, which contain a hash of the content. */
async function bundle(source, name, target) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: join(source, "main.tsx"), out: name },
      { in: join(source, "styles", `${name}.css`), out: name },
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
    SCRIPT: names.find((file) => file.endsWith(".js")),
    STYLE: names.find((file) => file.endsWith(".css")),
  };
}

/** Copies a file under a name with the hash of its content. */
function copyHashed(target, file) {
  const content = readFileSync(file);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const name = basename(file).replace(/(\.\w+)$/, `-${hash}$1`);
  writeFileSync(join(target, name), content);
  return name;
}

/** Builds a page into a folder and replaces what the folder held. */
async function buildPage({ name, source, path }, target) {
  const folder = join(root, "src", source);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const names = { ...(await bundle(folder, name, target)), ICON: copyHashed(target, icon) };
  const page = readFileSync(join(folder, "index.html"), "utf8");
  writeFileSync(
    join(target, "index.html"),
    page.replace(/%(SCRIPT|STYLE|ICON)%/g, (_mark, part) => `${path}/${names[part]}`),
  );
  for (const file of readdirSync(target).filter((one) => /\.(js|css|svg)$/.test(one))) {
    writeFileSync(join(target, `${file}.gz`), gzipSync(readFileSync(join(target, file)), { level: 9 }));
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
Promise.all(PAGES.map((page) => buildPage(page, join(target, page.output)))).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
