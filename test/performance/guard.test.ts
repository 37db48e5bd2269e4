import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { compileServer } from "../support/compile-server.js";

/**
 * Notices that an operation has become much dearer. The limits are about twice what was measured, so that they hold on
 * any machine under any load; `npm run bench -- peers` measures exactly.
 */
interface Measured {
  /** Processor time of the patient from the session, as a multiple of a bare Apollo Server's for the same query. */
  readonly timesBareApollo: number;
  /** Bytes that one operation allocates. */
  readonly patientBytes: number;
  readonly cardBytes: number;
}

const LIMITS: Measured = { timesBareApollo: 4.5, patientBytes: 250_000, cardBytes: 3_200_000 };

function exceeded(measured: Measured): string[] {
  const names = Object.keys(LIMITS) as (keyof Measured)[];
  return names.filter((name) => !(measured[name] <= LIMITS[name]));
}

const ROOT = resolve(__dirname, "../..");
const compiled = compileServer();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(compiled, { recursive: true });
});

async function measure(...plant: string[]): Promise<Measured> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--max-semi-space-size=256", join(__dirname, "measure.js"), compiled, ...plant],
    {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        UPSTREAMS: JSON.stringify({
          PDS_URL: sandbox.pdsUrl,
          SDS_URL: sandbox.sdsUrl,
          SSP_URL: sandbox.sspUrl,
        }),
      },
    },
  );
  return JSON.parse(stdout);
}

const callsTo = (service: string) => sandbox.requests.filter((each) => each.service === service).length;

test("a patient from the session and a card cost little more than they should, in time, memory and calls", async () => {
  const measured = await measure();

  expect({ measured, exceeded: exceeded(measured) }).toEqual({ measured, exceeded: [] });
  // Some 1,700 queries of the patient in one session are one call.
  expect(callsTo("PDS")).toBe(1);
  // Each card is one call for the status and one for the slots.
  expect(callsTo("VM")).toBe(callsTo("PRACTICE"));
}, 60_000);

test("3 ms and 40,000 objects more in each request are noticed", async () => {
  expect(exceeded(await measure("slow"))).toEqual(["timesBareApollo", "patientBytes", "cardBytes"]);
}, 120_000);
