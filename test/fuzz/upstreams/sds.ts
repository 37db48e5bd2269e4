import { z } from "zod";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import {
  createFhirDirectory,
  type DirectoryQuery,
  type DirectoryResult,
  GP_CONNECT_DIRECTORY_INTERACTION,
} from "../../../src/upstreams/sds/index.js";
import { testContext } from "../../support/call-context.js";
import { directoryEntry } from "../kit/domain-schemas.js";
import type { StubResponse } from "../kit/mutate.js";
import { Broken } from "../kit/properties.js";
import { samples } from "../kit/samples.js";
import { PATIENT, PRACTICE, type SandboxSeeds, SPINE_QUERY } from "../kit/sandbox-seeds.js";
import { StubHttp } from "../kit/stub-http.js";
import type { Target } from "../kit/target.js";

export const directoryResults = z.array(
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("entry"), entry: directoryEntry }),
    z.strictObject({ kind: z.literal("none") }),
  ]),
);

/** A fault is a value here, so that it spoils no other query: judged like an error that was thrown. */
export function orThrow(
  responses: readonly DirectoryResult[],
  requested: readonly OdsCode[],
): DirectoryResult[] {
  return responses.map((response, index) => {
    if (response.kind === "fault") throw response.error;
    if (response.kind === "entry" && response.entry.odsCode !== requested[index])
      throw new Broken("another organisation's entry came out");
    return response;
  });
}

const QUERY: DirectoryQuery = { odsCode: PRACTICE, interaction: GP_CONNECT_DIRECTORY_INTERACTION };

/**
 * The directory by its FHIR API. Of the two requests of a round one is given the wrong document and the other a right
 * one, or both the wrong one.
 */
export function sdsTarget({ responses }: SandboxSeeds): Target {
  const seeds = responses.get("sds") ?? [];
  const published = ["sds/fhir-examples", "sds/fhir-sandbox", "gp-connect/sds"].flatMap((folder) =>
    samples(folder, /./, { nhsNumber: PATIENT }),
  );
  const [addresses, systems, spineAddresses, spineSystems] = seeds;
  const rightFor = (query: DirectoryQuery) =>
    query === QUERY
      ? { Endpoint: addresses, Device: systems }
      : { Endpoint: spineAddresses, Device: spineSystems };

  const http = new RoundHttp();
  const directory = createFhirDirectory({ url: "http://sds.example", apiKey: "x", http, timeoutMs: 1_000 });

  const call = (query: DirectoryQuery, wrong: ReadonlySet<string>) => async (response: StubResponse) => {
    const right = rightFor(query);
    http.choose = (resource) => (wrong.has(resource) ? response : right[resource]) ?? response;
    return orThrow(await directory.lookUp([query], testContext()), [query.odsCode]);
  };
  const operation = (
    name: string,
    query: DirectoryQuery,
    wrong: readonly string[],
    own: readonly (StubResponse | undefined)[],
  ) => ({
    name,
    seeds: own.filter((seed) => seed !== undefined),
    refusals: [...seeds, ...published],
    schema: directoryResults,
    call: call(query, new Set(wrong)),
  });
  return {
    name: "SDS",
    operations: [
      operation("Endpoint", QUERY, ["Endpoint"], [addresses]),
      operation("Device", QUERY, ["Device"], [systems]),
      operation("both", QUERY, ["Endpoint", "Device"], seeds),
      operation("Spine's Endpoint", SPINE_QUERY, ["Endpoint"], [spineAddresses]),
      operation("Spine's Device", SPINE_QUERY, ["Device"], [spineSystems]),
    ],
  };
}

/** Responds to each of the two requests of a round separately. */
class RoundHttp extends StubHttp {
  choose: (resource: "Endpoint" | "Device") => StubResponse = () => ({ status: 500, headers: {}, body: "" });

  override async request(request: { readonly url: string }): Promise<StubResponse> {
    return this.choose(request.url.includes("/Endpoint?") ? "Endpoint" : "Device");
  }
}
