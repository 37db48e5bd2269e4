/**
 * The long checks: the matrices and the long runs that are too slow for each change. Runs all of them, or those
 * that are named, and prints a table at the end.
 *
 *   npm run verify:long
 *   npm run verify:long -- nodes
 *
 * To add a check, add an entry here.
 */
const { npmStep, runSteps } = require("./steps.js");

const FUZZ_DOCUMENTS = process.env.FUZZ_DOCUMENTS ?? "100000";

/** Each has 50 keys. */
const LATE_SAVING_WORLDS = process.env.LATE_SAVING_WORLDS ?? "400";

/** So many bookings are simulated at practices of each supplier profile. */
const PROFILE_BOOKINGS = process.env.PROFILE_BOOKINGS ?? "5000";

const PROFILES = [
  "strict-1.2.7",
  "demonstrator-like",
  "older-without-service-types",
  "comment-in-description",
  "service-filtering-1.2.8",
];

const CHECKS = {
  nodes: npmStep("test:nodes"),
  mutations: [{ name: "mutations of the controls", command: "node", args: ["scripts/run-mutations.js"] }],
  "mutation-score": [{ name: "mutation score", command: "node", args: ["scripts/mutation-score.js"] }],
  image: npmStep("image:check"),
  deploy: npmStep("deploy:check"),
  roll: [
    {
      name: "rolling restarts and losses of stores under load",
      command: "npx",
      args: ["jest", "test/roll", "-w", "1"],
      environment: { ROLL: "full" },
    },
    {
      name: "rolling restart of programs with two workers each",
      command: "npx",
      args: ["jest", "test/roll", "-w", "1"],
      environment: { ROLL: "workers" },
    },
  ],
  simulation: npmStep("simulate"),
  late: [
    {
      name: `bookings at ${LATE_SAVING_WORLDS} practices that save late`,
      command: "npx",
      args: ["jest", "test/journeys/booking-two-step"],
      environment: { LATE_SAVING_WORLDS },
    },
  ],
  profiles: PROFILES.flatMap((profile) => [
    {
      name: `whole server at practices of the profile ${profile}`,
      command: "npx",
      args: ["jest", "test/e2e", "test/journeys/commands.e2e"],
      environment: { SANDBOX_PROFILE: profile },
    },
    {
      name: `rules of the simulators at practices of the profile ${profile}`,
      command: "node",
      args: ["scripts/check-profile-rules.js", profile],
    },
    {
      name: `${PROFILE_BOOKINGS} simulated bookings at practices of the profile ${profile}`,
      command: "npm",
      args: [
        "run",
        "--silent",
        "simulate",
        "--",
        `--bookings=${PROFILE_BOOKINGS}`,
        `--profile=${profile}`,
        `--seed=${profile}`,
      ],
    },
  ]),
  engines: ["test/graph", "test/e2e", "test/server"].map((suites) => ({
    name: `${suites} over graphql-js instead of kept plans`,
    command: "npx",
    args: ["jest", suites],
    environment: { COMPILED_EXECUTION: "false" },
  })),
  authorisation: [
    {
      name: "authorisation matrix (every field with every refused token)",
      command: "npx",
      args: ["jest", "test/server/authorisation-matrix"],
      environment: { AUTHORISATION_MATRIX: "full" },
    },
  ],
  fuzz: [
    {
      name: `fuzz (${FUZZ_DOCUMENTS} documents for each upstream)`,
      command: "npx",
      args: ["jest", "test/fuzz"],
      environment: { FUZZ_DOCUMENTS },
    },
  ],
};

async function main(names) {
  const unknown = names.filter((name) => !(name in CHECKS));
  if (unknown.length > 0) {
    process.stderr.write(`unknown: ${unknown.join(", ")}. Known: ${Object.keys(CHECKS).join(", ")}\n`);
    return false;
  }
  const chosen = names.length > 0 ? names : Object.keys(CHECKS);
  return runSteps(chosen.flatMap((name) => CHECKS[name]));
}

main(process.argv.slice(2)).then((passed) => {
  process.exitCode = passed ? 0 : 1;
});
