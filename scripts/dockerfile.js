/**
 * Reads a Dockerfile, as far as ours goes: FROM, WORKDIR, COPY, RUN, ENV, USER, EXPOSE, STOPSIGNAL, HEALTHCHECK, CMD.
 * Refuses every other instruction, so that nothing of the image stays untested without notice.
 */

const KNOWN = new Set("FROM WORKDIR COPY RUN ENV USER EXPOSE STOPSIGNAL HEALTHCHECK CMD".split(" "));

/**
 * @param {string} text of the Dockerfile
 * @returns {{ name: string, image: string, steps: { instruction: string, value: string }[] }[]} its stages, in order
 */
function parseDockerfile(text) {
  const lines = text
    .split("\n")
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n");
  const stages = [];
  for (const line of lines) {
    const [, instruction, value] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (!KNOWN.has(instruction)) throw new Error(`not understood: ${line}`);
    if (instruction === "FROM") {
      const [, image, name] = /^(\S+)(?: AS (\S+))?$/.exec(value) ?? [];
      if (image === undefined) throw new Error(`not understood: ${line}`);
      stages.push({ image, name: name ?? "final", steps: [] });
    } else {
      if (stages.length === 0) throw new Error(`before the first FROM: ${line}`);
      stages.at(-1).steps.push({ instruction, value });
    }
  }
  return stages;
}

/** @returns {{ from?: string, sources: string[], target: string }} what a COPY copies where. No other flag is understood. */
function parseCopy(value) {
  const words = value.split(/\s+/);
  const from = words[0].startsWith("--from=") ? words.shift().slice("--from=".length) : undefined;
  if (words.some((word) => word.startsWith("-") || /[*?$"[]/.test(word)))
    throw new Error(`COPY ${value}: not understood`);
  const target = words.pop();
  if (target === undefined || words.length === 0) throw new Error(`COPY ${value}: not understood`);
  return { from, sources: words, target };
}

/** @returns {Record<string, string>} the variables of an ENV. */
function parseEnv(value) {
  return Object.fromEntries(
    value.split(/\s+/).map((pair) => {
      const [, name, text] = /^([A-Z_]+)=([^\s"'$\\]*)$/.exec(pair) ?? [];
      if (name === undefined) throw new Error(`ENV ${value}: not understood`);
      return [name, text];
    }),
  );
}

/** @returns {string[]} the words of a CMD, which must be in the JSON form: a shell would swallow signals. */
function parseCommand(value) {
  const words = JSON.parse(value);
  if (!Array.isArray(words) || words.length === 0) throw new Error(`CMD ${value}: not understood`);
  return words;
}

/**
 * Whether a path of the context reaches the build. Understands plain paths, `*` for everything, and `!` for exceptions;
 * the last line that matches counts.
 */
function createContextFilter(dockerignore) {
  const rules = dockerignore.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const rule of rules) {
    if (rule !== "*" && /[*?[\\]/.test(rule)) throw new Error(`.dockerignore: ${rule}: not understood`);
  }
  return (path) => {
    let isIncluded = true;
    for (const rule of rules) {
      const isException = rule.startsWith("!");
      const pattern = isException ? rule.slice(1) : rule;
      if (pattern === "*" || path === pattern || path.startsWith(`${pattern}/`)) isIncluded = isException;
    }
    return isIncluded;
  };
}

module.exports = { createContextFilter, parseCommand, parseCopy, parseDockerfile, parseEnv };
