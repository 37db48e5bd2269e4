const ok = (description: string) => ({ responses: { "200": { description } } });
const json = (schema: object) => ({
  required: true,
  content: { "application/json": { schema: { additionalProperties: false, type: "object", ...schema } } },
});
const pathParameter = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
const queryParameter = (name: string, schema: object = { type: "string" }) => ({ name, in: "query", schema });

const FAULT_SCHEMA = {
  required: ["service", "kind"],
  properties: {
    service: { enum: ["PDS", "SDS", "SSP", "PRACTICE", "VM"] },
    odsCode: { type: "string" },
    interaction: { type: "string" },
    kind: {
      description:
        "reset, hang, reset-after-commit, a response { status, body, contentType, headers }, { delayMs }, { afterCommit } or { lateCommit: { response, delayMs } }",
    },
    times: { type: "integer", minimum: 1 },
    probability: { type: "number", minimum: 0, maximum: 1 },
  },
};

/** The OpenAPI description of the control API. */
export const OPENAPI = {
  openapi: "3.1.0",
  info: { title: "Spine sandbox control", version: "1" },
  paths: {
    "/__sandbox": { get: ok("Seed, profile, URLs, clock and operations") },
    "/__sandbox/openapi.json": { get: ok("This description") },
    "/__sandbox/personas": { get: ok("The synthetic patients and practices") },
    "/__sandbox/audit-token": {
      get: {
        parameters: [{ ...queryParameter("scope"), required: true }],
        ...ok("A valid audit token as text, for requests by hand"),
      },
    },
    "/__sandbox/vm-token": {
      get: {
        parameters: [{ ...queryParameter("nhsNumber"), required: true }],
        ...ok("A valid Visitors & Migrants token about one patient as text, for requests by hand"),
      },
    },
    "/__sandbox/reset": {
      post: ok("All changes are discarded: appointments, registrations, tokens, faults, journal, clock"),
    },
    "/__sandbox/clock": {
      get: ok("The time of the sandbox"),
      put: {
        requestBody: json({
          required: ["now"],
          properties: { now: { type: "string", format: "date-time" } },
        }),
        ...ok("The clock is set"),
      },
    },
    "/__sandbox/clock/advance": {
      post: {
        requestBody: json({ required: ["ms"], properties: { ms: { type: "number" } } }),
        ...ok("The clock is moved"),
      },
    },
    "/__sandbox/clock/freeze": { post: ok("The clock stands still") },
    "/__sandbox/clock/resume": { post: ok("The clock runs on") },
    "/__sandbox/faults": {
      get: ok("The active faults"),
      post: { requestBody: json(FAULT_SCHEMA), ...ok("The fault is active") },
      delete: ok("No fault is active"),
    },
    "/__sandbox/faults/{id}": {
      delete: { parameters: [pathParameter("id")], ...ok("The fault is removed") },
    },
    "/__sandbox/presets": { get: ok("The presets: named sets of faults") },
    "/__sandbox/presets/{name}": {
      post: { parameters: [pathParameter("name")], ...ok("The faults of the preset are active") },
    },
    "/__sandbox/journal": {
      get: {
        parameters: [
          queryParameter("service"),
          queryParameter("odsCode"),
          { ...queryParameter("interaction"), description: "A part of the interaction" },
          { ...queryParameter("broken"), description: "The id of a rule that the requests broke, or `any`" },
          queryParameter("minStatus", { type: "integer" }),
          {
            ...queryParameter("after", { type: "integer" }),
            description: "The id of the last known request",
          },
        ],
        ...ok(
          "The latest 1000 matching requests, oldest first: the rules that each passed and broke, and what a refused one needed",
        ),
      },
      delete: ok("The journal is empty"),
    },
    "/__sandbox/replay": {
      post: {
        requestBody: json({
          required: ["requests"],
          properties: { requests: { type: "array", items: { type: "object" } } },
        }),
        ...ok("Recorded requests, as the journal has them, were processed again: what became of each"),
      },
    },
    "/__sandbox/state": {
      get: ok("The state: time, faults, patients, appointments and slots of all practices that were used"),
      put: {
        requestBody: json({
          required: ["format", "seed", "clock", "faults", "practices"],
          properties: {
            format: { const: "spine-sandbox-state-1" },
            seed: { type: "string" },
            clock: { type: "object" },
            faults: { type: "array", items: FAULT_SCHEMA },
            practices: { type: "array", items: { type: "object" } },
          },
        }),
        ...ok("The state is replaced"),
      },
    },
    "/__sandbox/seed": {
      put: {
        requestBody: json({ required: ["seed"], properties: { seed: { type: "string" } } }),
        ...ok("The data is generated from this seed, and all changes are discarded"),
      },
    },
    "/__sandbox/rules": { get: ok("The rules that the journal names: id, sentence and source") },
  },
} as const;
