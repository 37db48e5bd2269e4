import { PRACTICES_WITH_PATIENTS } from "../upstreams/people.js";
import { startDirectory } from "../upstreams/slapd-directory.js";
import type { UpstreamProcess } from "../upstreams/upstream-process.js";
import type { Case } from "./case.js";
import type { MinimumCost } from "./minimum-cost.js";

/** Runs something with the directory over LDAP, on a connection with the latency of SDS. Undefined without slapd. */
export async function withDirectory<T>(
  upstreams: UpstreamProcess,
  run: (sdsUrl: string) => Promise<T>,
  practices = PRACTICES_WITH_PATIENTS,
): Promise<T | undefined> {
  const slapd = await startDirectory(practices, new URL(upstreams.urls.pds).origin);
  if (slapd === undefined) return undefined;
  try {
    return await run(`ldap://127.0.0.1:${await upstreams.openSlowConnection(slapd.port)}`);
  } finally {
    await slapd.stop();
  }
}

/** The lines in which LDAP differs by more than one search instead of two requests. */
const DIFFERENT_OVER_LDAP = /_entities|^the card$/;

/**
 * The same lines with the minimum for LDAP: one search returns both entries of an organisation, for up to 50
 * organisations. Spine's look-up does not wait for the practice's, so the card needs two searches.
 */
export function casesOverLdap(cases: readonly Case[]): Case[] {
  return cases
    .filter(({ name }) => DIFFERENT_OVER_LDAP.test(name))
    .map((each) => ({
      ...each,
      // The naive sequence takes as long as over FHIR, where it was measured.
      maxNaiveRuns: 1,
      ...(each.cold && { cold: overLdap(each.cold, each.name === "the card" ? 2 : 1) }),
    }));
}

function overLdap(minimum: MinimumCost, searches: number): MinimumCost {
  return { ...minimum, calls: { ...minimum.calls, SDS: searches } };
}
