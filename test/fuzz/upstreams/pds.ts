import { z } from "zod";
import { createPdsClient } from "../../../src/upstreams/pds/index.js";
import { readToken, readTokenReason } from "../../../src/upstreams/pds/token/token-response.js";
import { TestClock, testContext } from "../../support/call-context.js";
import { issuedToken, patientMatch, patientRecord } from "../kit/domain-schemas.js";
import { parse, type StubResponse } from "../kit/mutate.js";
import { isBox } from "../kit/mutate-structure.js";
import { Broken } from "../kit/properties.js";
import { samples } from "../kit/samples.js";
import { PATIENT, type SandboxSeeds } from "../kit/sandbox-seeds.js";
import { StubHttp } from "../kit/stub-http.js";
import type { Target } from "../kit/target.js";

const readResult = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("found"), record: patientRecord }),
  z.strictObject({ kind: z.literal("not-found") }),
  z.strictObject({ kind: z.literal("invalidated") }),
]);
const searchResult = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("matches"), matches: z.array(patientMatch) }),
  z.strictObject({ kind: z.literal("too-many") }),
]);
const tokenResult = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("token"), issued: issuedToken }),
  z.strictObject({ kind: z.literal("unusable"), reason: z.enum(["NOT_JSON", "MALFORMED_RESOURCE"]) }),
]);

const CRITERIA = {
  family: { text: "Ashcombe", isPrefix: false },
  given: [],
  gender: "female",
  birthDate: { on: "1952-05-31" },
  isFuzzy: false,
  isExact: false,
  includesHistory: false,
} as const;

/** PDS: reading a person, searching for one, and the token endpoint's responses. */
export function pdsTarget({ responses }: SandboxSeeds): Target {
  const http = new StubHttp();
  const client = createPdsClient({
    url: "http://pds.example",
    http,
    clock: new TestClock(),
    timeoutMs: 1_000,
  });
  const errors = samples("pds/errors", /./, { nhsNumber: PATIENT, status: 400 });
  const read = [
    ...(responses.get("pds read") ?? []),
    ...samples("pds/patient", /./, { nhsNumber: PATIENT }),
    ...samples("pds/consumer-fixtures", /get-patient/, { nhsNumber: PATIENT }),
  ];
  return {
    name: "PDS",
    operations: [
      {
        name: "readPatient",
        seeds: read,
        refusals: errors,
        schema: readResult,
        async call(response) {
          http.respondWith(response);
          const result = await client.readPatient(PATIENT, testContext());
          if (result.kind === "found") mustBeSaidTwice(response, result.record.nhsNumber);
          if (result.kind === "found" && result.record.requestedNhsNumber !== PATIENT)
            throw new Broken("the requested number was changed");
          return result;
        },
      },
      {
        name: "searchPatients",
        seeds: [...searches(read), ...samples("pds/search", /./, { nhsNumber: PATIENT }), ...errors],
        schema: searchResult,
        async call(response) {
          http.respondWith(response);
          return client.searchPatients(CRITERIA, testContext());
        },
      },
      {
        name: "token",
        seeds: TOKENS,
        schema: tokenResult,
        async call({ body }) {
          const reason = readTokenReason(body);
          if (reason !== undefined && !/^[A-Z_]{1,30}$/.test(reason))
            throw new Broken("the token's reason is none of ours");
          return readToken(body);
        },
      },
    ],
  };
}

/** A number other than the requested one is accepted only when both id and identifier have it. */
function mustBeSaidTwice({ body }: StubResponse, nhsNumber: string): void {
  if (nhsNumber === PATIENT) return;
  const document = parse(body);
  const { id, identifier } = (isBox(document) ? document : {}) as {
    id?: unknown;
    identifier?: { value?: unknown }[];
  };
  if (id !== nhsNumber || !identifier?.some(({ value }) => value === nhsNumber)) {
    throw new Broken("another person's number came out");
  }
}

/** A search's response made of records that were read. */
function searches(read: readonly StubResponse[]): StubResponse[] {
  const entries = read
    .filter(({ status }) => status === 200)
    .map(({ body }) => ({ resource: parse(body), search: { score: 0.9 } }));
  return [0, 1, 2].map((count) => ({
    status: 200,
    headers: {},
    body: JSON.stringify({
      resourceType: "Bundle",
      type: "searchset",
      total: count,
      entry: entries.slice(0, count),
    }),
  }));
}

const TOKENS: readonly StubResponse[] = [
  {
    access_token: "Sr5PGv19wTEHJdDr2wx2f7IGd0cw",
    expires_in: "599",
    token_type: "Bearer",
    issued_at: "1795424400000",
  },
  { access_token: "abc", expires_in: 599, token_type: "bearer" },
  { error: "invalid_request", error_description: "jti in JWT must be unique" },
  { error: "public_key error", error_description: "You need to register a public key" },
].map((body) => ({ status: 200, headers: {}, body: JSON.stringify(body) }));
