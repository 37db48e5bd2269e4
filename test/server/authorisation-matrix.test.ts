import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, valueFromASTUntyped } from "graphql";
import { SCOPES } from "../../src/domain/scope.js";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { badCredentials } from "./support/credentials.js";
import { MAJA, makeKey, startIssuer, type TestIssuer } from "./support/issuer.js";
import { type Probe, probesOf, type Step } from "./support/schema-walk.js";

/**
 * Every field, every argument path and every mutation of the schema, also beneath `_entities`, with every kind of
 * credential that must not admit its bearer, over HTTP. The probes come from the schema, so a new field is in the matrix
 * as soon as it exists. `npm run verify:long -- authorisation` sends every probe with every token. By default each row gets
 * one probe in eight, another eighth than the row before it, so that all are sent; the rows of missing scopes and of another patient get all.
 */
jest.setTimeout(120_000);

const SHARE = process.env.AUTHORISATION_MATRIX === "full" ? 1 : 8;

const PATIENT = "9000000009";
const OTHER = "9990000018";
const PRACTICE = "T81001";
const KEY = "matrix-booking-1";
/** Neither names a patient, so a token for certain patients admits to them. */
const OPEN_TO_EVERY_PATIENT_CLAIM = new Set(["Query.practice", "Query.practices", "Practice"]);
const AUTHORISATION = new Set(["NO_PERMISSION", "NO_RELATIONSHIP", "UNKNOWN_ORGANISATION", "NO_NAMED_USER"]);

let issuer: TestIssuer;
let graph: RunningGraph;
let probes: readonly Probe[];
/** `Patient.chargeableStatus` → the alternatives that `@requiresScopes` declares. */
let declared: ReadonlyMap<string, readonly (readonly string[])[]>;
let counted = 0;

beforeAll(async () => {
  issuer = await startIssuer(makeKey("ES256"), makeKey("RS256"));
  graph = await startGraph({ environment: issuer.environment });
  const { schema } = await createSubgraphSchema();
  const appointmentId = await book();
  const reference = (type: string, key: string, value: string) =>
    `{ __typename: "${type}", ${key}: ${JSON.stringify(value)} }`;
  probes = probesOf({
    schema,
    always: new Set(["Mutation.amendAppointment.input.description"]),
    representations: {
      Patient: reference("Patient", "nhsNumber", PATIENT),
      Practice: reference("Practice", "odsCode", PRACTICE),
      Appointment: reference("Appointment", "id", appointmentId),
    },
    values: {
      nhsNumber: `"${PATIENT}"`,
      odsCode: `"${PRACTICE}"`,
      odsCodes: `"${PRACTICE}"`,
      practiceOdsCode: `"${PRACTICE}"`,
      id: JSON.stringify(appointmentId),
      handle: `"${KEY}"`,
      // Nobody has seen this version, so that no probe changes the appointment.
      version: '"unseen"',
      slotIds: '"no-slot"',
      "Query.tracePatient.criteria": '{ family: "Bellweather", birthDate: "1990-01-01" }',
      Date: '"1990-01-01"',
      DateTime: '"2026-11-24T09:00:00Z"',
      String: '"Review"',
      ID: '"value-1"',
      Int: "2",
      Boolean: "true",
    },
  });
  // The published text and not the one made from the rules, which would follow a mistake in them.
  declared = declaredScopes(readFileSync(join(__dirname, "../../schema.graphql"), "utf8"));
});
afterAll(async () => {
  await graph.close();
  await issuer.close();
  process.stdout.write(`authorisation matrix: ${probes.length} probes, ${counted} requests\n`);
});
// Requests are counted by the second, and the clock of the test stands still.
beforeEach(() => graph.clock.advance(1_000));

async function book(): Promise<string> {
  const authorization = `Bearer ${await issuer.sign(MAJA)}`;
  const slots = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
    `{ practice(odsCode: "${PRACTICE}") { freeSlots(first: 1) { id } } }`,
    {},
    { authorization },
  );
  const slotIds = slots.data.practice.freeSlots.map(({ id }) => id);
  const booked = await graph.query<{ bookAppointment: { appointment: { id: string } } }>(
    `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
      ... on AppointmentBooked { appointment { id } } } }`,
    { input: { nhsNumber: PATIENT, slotIds, description: "Review", idempotencyKey: KEY } },
    { authorization },
  );
  return booked.data.bookAppointment.appointment.id;
}

function declaredScopes(sdl: string): Map<string, readonly (readonly string[])[]> {
  const places = new Map<string, readonly (readonly string[])[]>();
  for (const type of parse(sdl).definitions) {
    if (type.kind !== "ObjectTypeDefinition") continue;
    for (const field of type.fields ?? []) {
      const directive = field.directives?.find(({ name }) => name.value === "requiresScopes");
      const value = directive?.arguments?.[0]?.value;
      if (value) {
        places.set(
          `${type.name.value}.${field.name.value}`,
          valueFromASTUntyped(value) as readonly (readonly string[])[],
        );
      }
    }
  }
  return places;
}

interface Outcome {
  readonly probe: Probe;
  readonly data: unknown;
  readonly errors: readonly { code: unknown; reason: unknown }[];
}

/** Sends every probe, twenty at a time, and says what came back and how many upstream calls left. */
async function sendAll(which: readonly Probe[], authorization: string | undefined) {
  const before = graph.sandbox.requests.length;
  const outcomes: Outcome[] = [];
  const waiting = [...which];
  const send = async () => {
    for (let probe = waiting.pop(); probe !== undefined; probe = waiting.pop()) {
      const { data, errors = [] } = await graph.query(
        probe.query,
        {},
        authorization === undefined ? {} : { authorization },
      );
      outcomes.push({
        probe,
        data,
        errors: errors.map(({ extensions }) => ({ code: extensions.code, reason: extensions.reason })),
      });
    }
  };
  await Promise.all(Array.from({ length: 20 }, send));
  counted += outcomes.length;
  return { outcomes, calls: graph.sandbox.requests.length - before };
}

const shareOf = (row: number) => probes.filter((_probe, index) => index % SHARE === row % SHARE);

const withScopes = (scopes: readonly string[]) => issuer.sign({ ...MAJA, scope: scopes.join(" ") });

/** The entries of the response that have a value: `null`, empty objects and lists of them are none. */
function hasValue(data: unknown): boolean {
  if (Array.isArray(data)) return data.some(hasValue);
  if (typeof data === "object" && data !== null) return Object.values(data).some(hasValue);
  return data !== null && data !== undefined;
}

test("the walk finds every root field, every entity and every argument path of a mutation", () => {
  const titles = probes.map(({ title }) => title);

  expect(titles).toEqual(
    expect.arrayContaining([
      "Query.patient",
      "Query.patient > Patient.chargeableStatus > ChargeableStatus.recorded",
      "_entities Patient > Patient.name",
      "_entities Practice > Practice.endpoint > PracticeEndpoint.asid",
      "Mutation.bookAppointment (input.registerIfAbsent)",
      "Mutation.registerPatient (input.temporaryAddress.postalCode)",
    ]),
  );
  expect(new Set(titles).size).toBe(titles.length);
});

test("a caller with every scope is admitted to every field", async () => {
  const { outcomes } = await sendAll(shareOf(0), `Bearer ${await withScopes(SCOPES)}`);
  const refused = outcomes.filter(({ errors }) =>
    errors.some(
      ({ code, reason }) =>
        code === "UNAUTHENTICATED" ||
        AUTHORISATION.has(String(reason)) ||
        // Otherwise the other rows would be refused for the wrong cause.
        /GRAPHQL|QUERY_TOO_COSTLY/.test(String(reason ?? code)),
    ),
  );

  expect(refused.map(({ probe, errors }) => [probe.title, errors])).toEqual([]);
});

test.each(
  badCredentials(() => issuer).map((credential, index) => [credential.what, credential, index] as const),
)(
  "%s admits to no field, no argument and no reference, and no upstream is called",
  async (_what, { reason, authorization }, row) => {
    const sent = shareOf(row);
    const { outcomes, calls } = await sendAll(sent, await authorization());
    const wrong = outcomes.filter(({ data, errors }) => data != null || errors[0]?.reason !== reason);

    expect(wrong.map(({ probe, errors }) => [probe.title, probe.query, errors])).toEqual([]);
    expect(outcomes).toHaveLength(sent.length);
    expect(sent.length).toBeGreaterThanOrEqual(Math.floor(probes.length / SHARE));
    expect(calls).toBe(0);
  },
);

test("a token without a scope admits to no field, and no upstream is called", async () => {
  for (const [row, scope] of [[], ["openid", "call-log"]].entries()) {
    const { outcomes, calls } = await sendAll(shareOf(row), `Bearer ${await withScopes(scope)}`);
    const wrong = outcomes.filter(
      ({ data, errors }) => hasValue(data) || !errors.some(({ reason }) => reason === "NO_PERMISSION"),
    );

    expect(wrong.map(({ probe, data }) => [probe.title, data])).toEqual([]);
    expect(calls).toBe(0);
  }
});

test("without the scopes that the schema declares for it, no field is given, whatever other scopes there are", async () => {
  const byMissing = new Map<string, Probe[]>();
  for (const probe of probes) {
    const missing = missingScopesOf(probe);
    byMissing.set(missing, [...(byMissing.get(missing) ?? []), probe]);
  }
  expect(byMissing.has("")).toBe(false);
  for (const [missing, group] of byMissing) {
    const rest = SCOPES.filter((scope) => !missing.split(" ").includes(scope));
    graph.clock.advance(1_000);
    const { outcomes } = await sendAll(group, `Bearer ${await withScopes(rest)}`);
    const wrong = outcomes.filter(
      ({ data, errors }) => hasValue(data) || !errors.some(({ reason }) => reason === "NO_PERMISSION"),
    );

    expect(wrong.map(({ probe, data, errors }) => [missing, probe.title, data, errors])).toEqual([]);
  }
});

/** All scopes of the nearest rule on the way to the field, which is the one that guards it. */
function missingScopesOf({ steps, entity, title }: Probe): string {
  if (title.endsWith("(input.registerIfAbsent)")) return "register";
  const rules = [
    // The reference itself is guarded like the root field that returns the entity.
    ...(entity === undefined ? [] : [declared.get(`Query.${entity.toLowerCase()}`)]),
    ...steps.map(({ place }: Step) => declared.get(place)),
  ].filter((rule) => rule !== undefined);
  return [...new Set(rules.at(-1)?.flat() ?? [])].join(" ");
}

test("a token for another patient admits to nothing about this one, and no upstream is called", async () => {
  const token = await issuer.sign({ ...MAJA, patient_nhs_numbers: [OTHER] });
  const isOpen = ({ steps, entity }: Probe) =>
    OPEN_TO_EVERY_PATIENT_CLAIM.has(entity ?? steps[0]?.place ?? "");
  const closed = probes.filter((probe) => !isOpen(probe));
  const { outcomes, calls } = await sendAll(closed, `Bearer ${token}`);
  const wrong = outcomes.filter(
    ({ data, errors }) =>
      hasValue(data) || !["NO_RELATIONSHIP", "NO_PERMISSION"].includes(String(errors[0]?.reason)),
  );

  expect(wrong.map(({ probe, data, errors }) => [probe.title, data, errors])).toEqual([]);
  expect(calls).toBe(0);
  expect(closed.length).toBeGreaterThan(probes.length / 2);
});
