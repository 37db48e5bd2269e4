import { PRACTICES_WITH_PATIENTS } from "../upstreams/people.js";
import { startDirectory } from "../upstreams/slapd-directory.js";
import type { UpstreamProcess } from "../upstreams/upstream-process.js";
import type { Budget } from "./budget.js";
import type { Case } from "./case.js";

/** Runs something with the directory over LDAP, every question on its line as slow as SDS; undefined without slapd. */
export async function withDirectory<T>(
  upstreams: UpstreamProcess,
  run: (sdsUrl: string) => Promise<T>,
  practices = PRACTICES_WITH_PATIENTS,
): Promise<T | undefined> {
  const slapd = await startDirectory(practices, new URL(upstreams.urls.pds).origin);
  if (slapd === undefined) return undefined;
  try {
    return await run(`ldap://127.0.0.1:${await upstreams.openSlowLine(slapd.port)}`);
  } finally {
    await slapd.stop();
  }
}

/** The lines in which the protocol makes a difference beyond one search in the place of two requests. */
const TOLD_APART = /_entities|^the card$/;

/**
 * The same lines with the least that LDAP needs: one search brings both records of an organisation, and of up to 50
 * organisations at once. Spine's look-up does not wait for the practice's, so the card takes two.
 */
export function casesOverLdap(cases: readonly Case[]): Case[] {
  return cases
    .filter(({ name }) => TOLD_APART.test(name))
    .map((each) => ({
      ...each,
      // Its sequence is as long as over FHIR, and has been measured there.
      mostNaiveRuns: 1,
      ...(each.cold && { cold: overLdap(each.cold, each.name === "the card" ? 2 : 1) }),
    }));
}

function overLdap(budget: Budget, searches: number): Budget {
  return { ...budget, calls: { ...budget.calls, SDS: searches } };
}
