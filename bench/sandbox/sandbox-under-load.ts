import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Dispatcher, Pool, request } from "undici";
import { end } from "../kit/child.js";
import { ROOT } from "../kit/repository.js";

const PROGRAM = join(ROOT, "dist", "sandbox", "main.js");
/** Six ports follow. Not those of a sandbox that a person may have started. */
const PORT = 18_400;
/** The clock of Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const DAYS = 14;
const DAY_MS = 86_400_000;
const SLOT_SEARCH = "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";

/** Where a practice is reached, as SDS returns it. */
export interface PracticeAddress {
  readonly root: string;
  readonly asid: string;
}

/** A sandbox in a process of its own, started as its users start it. */
export class SandboxUnderLoad {
  private constructor(
    private readonly child: ChildProcess,
    private readonly urls: Readonly<Record<"gateway" | "sds" | "ssp", string>>,
    /** From the start of the process to its URLs, in milliseconds. */
    readonly startMs: number,
    private readonly pool: Pool,
  ) {}

  static async start(practices: number, patients: number): Promise<SandboxUnderLoad> {
    const startedAt = performance.now();
    const size = ["--practices", String(practices), "--patients", String(patients)];
    const child = spawn(process.execPath, [PROGRAM, "--json", "--port", String(PORT), ...size], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await firstLine(child);
    const urls = JSON.parse(line);
    return new SandboxUnderLoad(
      child,
      urls,
      performance.now() - startedAt,
      new Pool(urls.ssp, { connections: 8 }),
    );
  }

  async close(): Promise<void> {
    await this.pool.destroy();
    await end(this.child);
  }

  /** Processor time of the sandbox so far, in milliseconds. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    // utime and stime are the fields 14 and 15 of the whole line.
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  /** Resident memory of the sandbox, in megabytes of 1,000,000 bytes. */
  memoryMb(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
  }

  /** Looks a practice up in SDS. */
  async find(odsCode: string): Promise<PracticeAddress> {
    const token = (system: string, value: string) =>
      `${encodeURIComponent(`https://fhir.nhs.uk/Id/${system}`)}%7C${encodeURIComponent(value)}`;
    const organization = `organization=${token("ods-organization-code", odsCode)}`;
    const interaction = `identifier=${token("nhsServiceInteractionId", SLOT_SEARCH)}`;
    const look = async (resource: string) => {
      const url = `${this.urls.sds}/${resource}?${organization}&${interaction}`;
      const { body } = await request(url, { headers: { apikey: "any" } });
      const { entry } = (await body.json()) as { entry: { resource: Record<string, unknown> }[] };
      return entry.at(-1)?.resource ?? {};
    };
    const { address } = await look("Endpoint");
    const identifiers = (await look("Device")).identifier as { system: string; value: string }[];
    const asid = identifiers.find(({ system }) => system.endsWith("nhsSpineASID"))?.value ?? "";
    return { root: String(address), asid };
  }

  /** Creates slot searches of 14 days with one audit token, which lives five minutes. */
  async slotSearch(isCompressed: boolean): Promise<(practice: PracticeAddress) => Promise<number>> {
    const tokenUrl = `${this.urls.gateway}/__sandbox/audit-token?scope=organization/*.read`;
    const token = await (await request(tokenUrl)).body.text();
    const from = Date.now() + DAY_MS;
    const date = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const includes =
      "_include=Slot:schedule&_include:recurse=Schedule:actor:Practitioner" +
      "&_include:recurse=Schedule:actor:Location&_include:recurse=Location:managingOrganization";
    const query = `status=free&start=ge${date(from)}&end=le${date(from + DAYS * DAY_MS)}&${includes}`;
    const headers = {
      "ssp-traceid": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10",
      "ssp-from": "200000000115",
      "ssp-interactionid": SLOT_SEARCH,
      authorization: `Bearer ${token}`,
      accept: "application/fhir+json",
      ...(isCompressed && { "accept-encoding": "gzip" }),
    };
    return async ({ root, asid }) => {
      const response = await this.pool.request({
        path: `/${root}/Slot?${query}`,
        method: "GET",
        headers: { ...headers, "ssp-to": asid },
      });
      return readBytes(response);
    };
  }
}

async function readBytes({ statusCode, body }: Dispatcher.ResponseData): Promise<number> {
  const { byteLength } = await body.bytes();
  if (statusCode !== 200) throw new Error(`a slot search got ${statusCode}`);
  return byteLength;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the sandbox has no output");
  for await (const line of createInterface(child.stdout)) return line;
  throw new Error("the sandbox ended before it was ready");
}
