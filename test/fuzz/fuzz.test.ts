import { fuzz } from "./kit/fuzz.js";
import { takeSeeds } from "./kit/sandbox-seeds.js";
import type { Target } from "./kit/target.js";
import { ldapTarget } from "./upstreams/ldap.js";
import { pdsTarget } from "./upstreams/pds.js";
import { sdsTarget } from "./upstreams/sds.js";
import { sspTarget } from "./upstreams/ssp.js";
import { vmTarget } from "./upstreams/vm.js";

const SEED = Number(process.env.FUZZ_SEED ?? 20_261_123);
const FROM = Number(process.env.FUZZ_FROM ?? 0);
/** A few thousand in CI; the long run sets 100,000 and more (docs/fuzzing.md). */
const DOCUMENTS = Number(process.env.FUZZ_DOCUMENTS ?? 2_000);
/** Of a hundred documents so many must get past the door, or the run would look at nothing but the door. */
const LEAST_ACCEPTED = 5;

describe("malformed responses of every upstream", () => {
  let targets: readonly Target[] = [];

  beforeAll(async () => {
    const seeds = await takeSeeds();
    targets = [pdsTarget(seeds), sdsTarget(seeds), ldapTarget(), sspTarget(seeds), vmTarget(seeds)];
  }, 60_000);

  it.each(["PDS", "SDS", "LDAP", "SSP", "VM"])(
    "%s: no crash, no hang, no wrong type out, nothing of the document in an error",
    async (name) => {
      const target = targets.find((one) => one.name === name);
      if (!target) throw new Error(`no target ${name}`);
      const report = await fuzz(target, { seed: SEED, from: FROM, documents: DOCUMENTS });
      if (process.env.FUZZ_DOCUMENTS !== undefined) {
        const { failures, byReason, ...numbers } = report;
        process.stderr.write(`${name} seed ${SEED} ${JSON.stringify(numbers)}\n`);
        process.stderr.write(
          `${JSON.stringify(
            [...byReason].sort(([, a], [, b]) => b - a),
            null,
            0,
          )}\n`,
        );
      }
      expect(report.failures.join("\n\n")).toBe("");
      if (DOCUMENTS >= 1_000) expect((report.accepted * 100) / DOCUMENTS).toBeGreaterThan(LEAST_ACCEPTED);
    },
    3_600_000,
  );
});
