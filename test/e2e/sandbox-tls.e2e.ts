import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { TestClock } from "../support/call-context.js";
import { operation } from "../support/operations.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** PDS has ordinary TLS, whose authorities a process reads at its start only: here another sandbox serves it by HTTP. */
describe("the graph over a sandbox with TLS: SSP, V&M and the directory by LDAP", () => {
  // The certificates are valid in real time.
  const clock = new TestClock(Date.now());
  let spine: Sandbox;
  let pds: Sandbox;
  const graphs: RunningGraph[] = [];

  beforeAll(async () => {
    [spine, pds] = await Promise.all([startSandbox({ clock, tls: true }), startSandbox({ clock })]);
  });
  afterAll(async () => {
    for (const graph of graphs) await graph.close();
    await Promise.all([spine.close(), pds.close()]);
  });

  async function start(environment: Record<string, string>): Promise<RunningGraph> {
    const { urls } = spine;
    const addresses = { SDS_URL: urls.ldap, SSP_URL: urls.ssp };
    const graph = await startGraph({ clock, sandbox: pds, environment: { ...addresses, ...environment } });
    graphs.push(graph);
    return graph;
  }

  it("reads the card with the consumer's certificate, and is never without it", async () => {
    const { ca = "", clientCert = "", clientKey = "", crl = "" } = spine.tlsFiles ?? {};
    const graph = await start({
      SPINE_CA_FILE: ca,
      SPINE_CLIENT_CERT_FILE: clientCert,
      SPINE_CLIENT_KEY_FILE: clientKey,
      SPINE_CRL_FILE: crl,
    });

    const card = await graph.query(operation("03-card"), { nhsNumber: "9000000009" });

    expect(card.errors).toBeUndefined();
    expect(graph.calls(card).sort()).toEqual([
      "PDS Patient.read",
      "SDS search T81001",
      "SDS search YES",
      "SSP metadata-1 T81001",
      "SSP slot-1 T81001",
      "VM observation",
    ]);
    expect(spine.requests.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it("fails with an upstream error without a certificate", async () => {
    const graph = await start({ SPINE_CA_FILE: spine.tlsFiles?.ca ?? "" });

    const { errors } = await graph.query(operation("03-card"), { nhsNumber: "9000000009" });

    expect(errors?.length).toBeGreaterThan(0);
    for (const { extensions } of errors ?? []) expect(extensions.code).toBe("UPSTREAM_UNAVAILABLE");
  });
});
