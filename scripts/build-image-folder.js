const { execFileSync, spawnSync } = require("node:child_process");
const { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } = require("node:fs");
const { dirname, join, posix } = require("node:path");
const {
  createContextFilter,
  parseCommand,
  parseCopy,
  parseDockerfile,
  parseEnv,
} = require("./dockerfile.js");
const { ROOT } = require("./steps.js");

/**
 * Runs the steps of the Dockerfile in empty folders, one for each stage, instead of in containers. What differs from the
 * image: the base is this machine with its Node.js, and USER is not changed.
 *
 * @param {string} folder an empty one
 * @param {{ installed?: string, dockerfile?: string }} options `installed`: a `node_modules` to link where the Dockerfile says
 *   `npm ci`; `dockerfile`: the name of the file, `Dockerfile` when absent
 * @returns {{ root: string, workdir: string, environment: Record<string, string>, command: string[], healthCheck?: string[], installs: string[] }}
 *   the final stage, and the `npm ci` commands that were replaced by a link
 */
function buildImageFolder(folder, { installed, dockerfile = "Dockerfile" } = {}) {
  const stages = parseDockerfile(readFileSync(join(ROOT, dockerfile), "utf8"));
  const isInContext = createContextFilter(readFileSync(join(ROOT, ".dockerignore"), "utf8"));
  const context = join(folder, "context");
  copyContext(context, isInContext);
  const roots = {};
  const installs = [];
  let final;
  for (const { name, steps } of stages) {
    const root = join(folder, name);
    roots[name] = root;
    final = { root, workdir: "/", environment: {}, command: [], installs };
    mkdirSync(root);
    for (const { instruction, value } of steps) {
      if (instruction === "WORKDIR") {
        final.workdir = posix.resolve(final.workdir, value);
        mkdirSync(join(root, final.workdir), { recursive: true });
      } else if (instruction === "ENV") Object.assign(final.environment, parseEnv(value));
      else if (instruction === "CMD") final.command = parseCommand(value);
      else if (instruction === "HEALTHCHECK")
        final.healthCheck = parseCommand(value.replace(/^.*?\bCMD /, ""));
      else if (instruction === "COPY") copy(parseCopy(value), final, { roots, context });
      else if (instruction === "RUN") {
        if (installed !== undefined && /^npm ci\b/.test(value)) {
          symlinkSync(installed, join(root, final.workdir, "node_modules"));
          installs.push(value);
        } else run(value, final);
      }
    }
  }
  return final;
}

/** The files of this checkout that git knows or would add, as far as `.dockerignore` lets them through. */
function copyContext(target, isInContext) {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const path of listed.split("\n").filter((line) => line !== "" && isInContext(line))) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(ROOT, path), join(target, path));
  }
}

/** COPY: the content of a folder, or a file under its name when the target is a folder. */
function copy({ from, sources, target }, { root, workdir }, { roots, context }) {
  if (from !== undefined && !(from in roots)) throw new Error(`COPY --from=${from}: no such stage`);
  const place = join(root, posix.resolve(workdir, target));
  for (const source of sources) {
    const path = join(from === undefined ? context : roots[from], source);
    const isIntoFolder = target.endsWith("/") || sources.length > 1;
    const isFile = statSync(path).isFile();
    cpSync(path, isFile && isIntoFolder ? join(place, posix.basename(source)) : place, {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}

/** With nothing of this process's environment but what finds programs and packages. */
function run(command, { root, workdir, environment }) {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|TMPDIR|npm_config_.*|NODE_EXTRA_CA_CERTS|HTTPS?_PROXY|NO_PROXY)$/i.test(name),
  );
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: join(root, workdir),
    env: { ...Object.fromEntries(kept), ...environment },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}\n${stdout}${stderr}`);
}

function removeImageFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
}

module.exports = { buildImageFolder, removeImageFolder };
