/**
 * Prints the files of ours between a resolver and the socket, for each upstream request of one operation.
 *
 *     npm run call-path -- freeSlots
 *     npm run call-path -- bookAppointment
 *
 * Starts the graph over its sandbox in this process, notes the call stack at the start of every asynchronous step, and
 * follows the steps back from the moment at which a request is handed to undici. So a file counts when a function of it
 * is on the path, whether it waits or has handed over. Ends with 1 when a path is longer than its limit.
 */
const { createHook, executionAsyncId } = require("node:async_hooks");
const { subscribe } = require("node:diagnostics_channel");
const { Session } = require("node:inspector/promises");
const { readFileSync } = require("node:fs");
const { join, relative } = require("node:path");

const DIST = join(__dirname, "..", "dist");
const SRC = join(__dirname, "..", "src");
const MAX_LINES = 250;
const PATIENT = "9000000009";

const FREE_SLOTS = `{ patient(nhsNumber: "${PATIENT}") { practice { freeSlots { id start } } } }`;
const BOOK = `mutation($input: BookAppointmentInput!) {
  bookAppointment(input: $input) { __typename ... on AppointmentBooked { appointment { id } } }
}`;

const OPERATIONS = {
  /** The slot search itself, from its resolver. */
  freeSlots: {
    resolver: /^graph\/slot\/.*resolver/,
    requests: ({ path }) => path.includes("Slot?"),
    counts: () => true,
    maxFiles: 9,
    run: async (query) => void (await query(FREE_SLOTS)),
  },
  /** All requests of a booking together. */
  bookAppointment: {
    resolver: /^graph\/appointment\/book-.*resolver/,
    requests: () => true,
    counts: (file) => /^(journeys|commands)\//.test(file),
    maxFiles: 14,
    run: async (query, start) => {
      const { data } = await query(FREE_SLOTS);
      const slotIds = [data.patient.practice.freeSlots[0].id];
      await start();
      const input = { nhsNumber: PATIENT, slotIds, description: "Call path" };
      const booked = await query(BOOK, { input });
      if (booked.data?.bookAppointment?.__typename !== "AppointmentBooked")
        throw new Error(JSON.stringify(booked));
    },
  },
};

const name = process.argv[2] ?? "freeSlots";
const operation = OPERATIONS[name];
if (!operation) {
  process.stderr.write(`usage: npm run call-path -- ${Object.keys(OPERATIONS).join("|")}\n`);
  process.exit(2);
}

Error.stackTraceLimit = 300;
/** What each asynchronous step was started from: the files on the stack, innermost first, and the step before it. */
const steps = new Map();
const paths = [];
createHook({
  init: (id) => void steps.set(id, { files: filesOnStack(), parent: executionAsyncId() }),
}).enable();
subscribe("undici:request:create", ({ request }) => {
  const path = pathFromHere();
  const end = path.findLastIndex((file) => operation.resolver.test(file));
  if (end < 0 || !operation.requests(request)) return;
  paths.push({
    request: `${request.method} ${String(request.path).split("?")[0]}`,
    files: path.slice(0, end + 1),
  });
});

function pathFromHere() {
  const files = filesOnStack();
  for (let step = steps.get(executionAsyncId()); step; step = steps.get(step.parent))
    files.push(...step.files);
  return [...new Set(files)];
}

/** Our files on the current stack, relative to `dist`. */
function filesOnStack() {
  const lines = new Error().stack?.split("\n") ?? [];
  return lines.flatMap((line) => {
    const found = /\(?(\/[^():]+\.js):\d+:\d+\)?$/.exec(line)?.[1];
    const path = found && relative(DIST, found);
    return path && !path.startsWith("..") ? [path] : [];
  });
}

/** Files of which a named function has run since the coverage was taken last. */
function filesThatRan(scripts) {
  return scripts.flatMap(({ url, functions }) => {
    const path = relative(DIST, url.replace("file://", ""));
    const hasRun = functions.some(({ functionName, ranges }) => functionName !== "" && ranges[0].count > 0);
    return path.startsWith("..") || !hasRun ? [] : [path];
  });
}

function lengthOf(file) {
  return readFileSync(join(SRC, file.replace(/\.js$/, ".ts")), "utf8").split("\n").length - 1;
}

async function main() {
  process.env.PORT = "0";
  process.env.LOG_LEVEL = "silent";
  process.env.AUDIT_FILE = join(require("node:os").tmpdir(), `call-path-${process.pid}.ndjson`);
  const url = await new Promise((resolve) => {
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text, ...rest) => {
      const address = /GraphQL\s+(\S+)/.exec(String(text))?.[1];
      if (!address) return write(text, ...rest);
      process.stdout.write = write;
      resolve(address);
      return true;
    };
    require(join(DIST, "main.js"));
  });
  const query = async (text, variables) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "spine-session": "call-path" },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  };
  const coverage = new Session();
  coverage.connect();
  await coverage.post("Profiler.enable");
  await coverage.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await operation.run(query, async () => {
    paths.splice(0);
    await coverage.post("Profiler.takePreciseCoverage");
  });
  const ran = filesThatRan((await coverage.post("Profiler.takePreciseCoverage")).result).filter(
    operation.counts,
  );

  const files = [...new Set(paths.flatMap((path) => path.files))];
  const counted = files.filter(operation.counts);
  const tooLong = counted.filter((file) => lengthOf(file) > MAX_LINES);
  for (const path of paths) {
    process.stdout.write(`\n${path.request}\n`);
    for (const file of path.files.toReversed()) {
      process.stdout.write(
        `  ${operation.counts(file) ? " " : "·"} src/${file.replace(/\.js$/, ".ts")} (${lengthOf(file)})\n`,
      );
    }
  }
  if (name === "bookAppointment")
    process.stdout.write(`\nFiles of which a function ran, helpers included: ${ran.length}\n`);
  process.stdout.write(`\n${name}: ${counted.length} files, at most ${operation.maxFiles}`);
  process.stdout.write(
    tooLong.length > 0 ? `; longer than ${MAX_LINES} lines: ${tooLong.join(", ")}\n` : "\n",
  );
  const isGood = paths.length > 0 && counted.length <= operation.maxFiles && tooLong.length === 0;
  process.exit(isGood ? 0 : 1);
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(2);
});
