import type { Call } from "./support/caller.js";
import { useSandbox } from "./support/use-sandbox.js";
import { codeOf, type WireResponse } from "./support/wire.js";

const FROM = "2026-01-14";
const TO = "2026-01-27";

function reasonOf(reply: WireResponse): string {
  return reply.json.issue[0].diagnostics;
}

describe("the Spine Secure Proxy", () => {
  const under = useSandbox();

  async function refused(changes: Partial<Call>, odsCode = "T81001"): Promise<WireResponse> {
    const caller = await under.caller(odsCode);
    return caller.slots(FROM, TO, "", changes);
  }

  it("forwards a valid request to the practice unchanged", async () => {
    const caller = await under.caller();
    expect((await caller.slots(FROM, TO)).status).toBe(200);
    const [proxied, received] = under.sandbox.requests.slice(-2);
    expect([proxied?.service, received?.service]).toEqual(["SSP", "PRACTICE"]);
    expect(proxied?.path.endsWith(received?.path ?? "?")).toBe(true);
    expect(received?.headers["ssp-traceid"]).toBe(proxied?.headers["ssp-traceid"]);
    expect([proxied?.odsCode, received?.odsCode, received?.status]).toEqual(["T81001", "T81001", 200]);
  });

  it("sends its own errors without a profile and with the HTTP status as code", async () => {
    const reply = await refused({ headers: { "ssp-from": "200000000999" } });
    expect(reply.status).toBe(403);
    expect(reply.json).not.toHaveProperty("meta");
    expect(reply.json.issue[0].details.coding[0]).toEqual({
      code: "403",
      display: "ASID_CHECK_FAILED_MESSAGESENDER_200000000999",
      system: "http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0",
    });
  });

  it.each(["ssp-traceid", "ssp-from", "ssp-to", "ssp-interactionid", "authorization"])(
    "wants %s",
    async (name) => {
      const reply = await refused({ headers: { [name]: "" } });
      expect([reply.status, codeOf(reply)]).toEqual([400, "400"]);
    },
  );

  it.each([
    ["an altered end", (root: string) => root.replace("/fhir", "/FHIR")],
    ["an added port", (root: string) => root.replace("http://127.0.0.1:", "http://127.0.0.1:0")],
    ["a percent-encoded root", (root: string) => encodeURIComponent(root)],
    ["a collapsed double slash", (root: string) => root.replace("http://", "http:/")],
  ])("refuses a root with %s", async (_case, alter) => {
    const caller = await under.caller();
    const root = alter(caller.root);
    const reply = await caller.call({
      interaction: "rest:read:metadata-1",
      scope: "organization/*.read",
      path: "metadata",
      root,
    });
    expect(reply.status).toBe(400);
    expect(reasonOf(reply)).toMatch(/^ENDPOINT_http:.*_CPAID_S2000T81001\d+_VARIES_FROM_TARGETURL_/);
  });

  it("accepts a registered root that ends with a slash, joined without a second slash", async () => {
    const caller = await under.caller("T81008");
    expect((await caller.metadata()).status).toBe(200);
    const doubled = await caller.metadata({ path: "/metadata" });
    expect([doubled.status, codeOf(doubled)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("refuses a receiver ASID that does not belong to the address", async () => {
    const other = await under.caller("T81101");
    const consumerOnly = "918000990001";
    for (const asid of [other.asid, consumerOnly, "999999999999"]) {
      const reply = await refused({ asid });
      expect([reply.status, reasonOf(reply)]).toEqual([
        403,
        `PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_${asid}`,
      ]);
    }
  });

  it("refuses a practice without a sharing agreement", async () => {
    const reply = await refused({}, "T81005");
    expect(reply.status).toBe(403);
    expect(reasonOf(reply)).toBe("FOT_CHECK_FAILED_MESSAGESENDER_200000000115_MESSAGERECEIVER_918000081005");
  });

  it("refuses an unknown interaction with 415", async () => {
    const reply = await refused({ interaction: "rest:search:slot-9" });
    expect([reply.status, reasonOf(reply)]).toEqual([415, "Unsupported_Media_Type"]);
  });

  it("refuses verbs other than GET, POST and PUT", async () => {
    const reply = await refused({ method: "DELETE" });
    expect(reply.status).toBe(405);
    expect(reply.json.issue[0]).toMatchObject({ severity: "fatal", code: "forbidden" });
    expect(reply.json.issue[0]).not.toHaveProperty("diagnostics");
  });

  it("reports an unreachable practice without the query in the error", async () => {
    const reply = await refused({}, "T81002");
    expect(reply.status).toBe(502);
    expect(reasonOf(reply)).toBe(
      "ERROR_COMMUNICATING_TO_ENDPOINT_URL_http://127.0.0.1:1/T81002/STU3/1/gpconnect/fhir/Slot",
    );
  });
});
