import { fuzz } from "./kit/fuzz.js";
import { takeSeeds } from "./kit/sandbox-seeds.js";
import type { Target } from "./kit/target.js";
import { ldapTarget } from "./upstreams/ldap.js";
import { pdsTarget } from "./upstreams/pds.js";
import { sdsTarget } from "./upstreams/sds.js";
import { sspTarget } from "./upstreams/ssp.js";
import { vmTarget } from "./upstreams/vm.js";

const SEED = Number(process.env.FUZZ_SEED ?? 20_261_123);
const PATH = process.env.FUZZ_PATH;
/** A few thousand in CI; the long run sets 100,000 and more (docs/fuzzing.md). */
const DOCUMENTS = Number(process.env.FUZZ_DOCUMENTS ?? 2_000);
/** Percentage of documents that must be accepted. Below it the run would test little but the first check of a reader. */
const LEAST_ACCEPTED = 5;

describe("malformed responses of every upstream", () => {
  let targets: readonly Target[] = [];

  beforeAll(async () => {
    const seeds = await takeSeeds();
    targets = [pdsTarget(seeds), sdsTarget(seeds), ldapTarget(), sspTarget(seeds), vmTarget(seeds)];
  }, 60_000);

  it.each(["PDS", "SDS", "LDAP", "SSP", "VM"])(
    "%s: no crash, no hang, no result of a wrong type, nothing of the document in an error",
    async (name) => {
      const target = targets.find((one) => one.name === name);
      if (!target) throw new Error(`no target ${name}`);
      const report = await fuzz(target, { seed: SEED, path: PATH, documents: DOCUMENTS });
      if (process.env.FUZZ_DOCUMENTS !== undefined) {
        const { byReason, ...numbers } = report;
        const reasons = [...byReason].sort(([, a], [, b]) => b - a);
        process.stderr.write(`${name} seed ${SEED} ${JSON.stringify(numbers)}\n${JSON.stringify(reasons)}\n`);
      }
      expect(report.failure ?? "").toBe("");
      if (report.documents >= 1_000)
        expect((report.accepted * 100) / report.documents).toBeGreaterThan(LEAST_ACCEPTED);
    },
    3_600_000,
  );
});
