import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/platform/config/config.js";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { createDirectory } from "../../src/server/create-directory.js";
import { createSpineTls } from "../../src/server/create-spine-tls.js";
import { seedLdif } from "../fixtures/sds/seed-ldif.js";
import { TestClock, testContext } from "../support/call-context.js";
import { createTestAuthorities, type TestCertificate } from "../support/certificates.js";
import { describeNeeding } from "../support/needs.js";
import { startSlapd } from "../support/slapd.js";
import { startTcpProxy } from "../support/tcp-proxy.js";
import { entryOf, practice } from "../upstreams/sds/directory-suite.js";

describeNeeding("slapd", "the directory over ldaps, as the settings have it", () => {
  test("uses Spine's cipher suites and our certificate, and a renewed certificate from the next connection on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "spine-graph-ldaps-"));
    const authorities = createTestAuthorities();
    const spine = authorities.found("spine");
    const stranger = authorities.found("stranger");
    const server = spine.issue("localhost", {
      usage: "serverAuth",
      names: ["DNS:localhost"],
      algorithm: "rsa",
    });
    const slapd = await startSlapd({ ldif: seedLdif(), tls: { authority: spine, server } });
    const cert = join(folder, "cert");
    const key = join(folder, "key");
    const use = (from: TestCertificate) => {
      copyFileSync(from.certFile, cert);
      copyFileSync(from.keyFile, key);
    };
    use(stranger.issue("consumer", { usage: "clientAuth" }));

    const proxy = await startTcpProxy(slapd.port);
    const url = `ldaps://localhost:${proxy.port}`;
    const config = readConfig({
      SDS_URL: url,
      SPINE_CLIENT_CERT_FILE: cert,
      SPINE_CLIENT_KEY_FILE: key,
      SPINE_CA_FILE: spine.certFile,
    });
    const clock = new TestClock(Date.now());
    const log = createLog("silent");
    const http = new HttpClient();
    const tls = createSpineTls(config, clock, log);
    const { directory, close } = createDirectory({ config, url, http, clock, log, tls });
    const ask = async () => (await directory.lookUp([practice("A1001")], testContext()))[0];

    expect(await ask()).toMatchObject({ kind: "fault", error: { code: "UPSTREAM_UNAVAILABLE" } });
    use(spine.issue("consumer", { usage: "clientAuth" }));
    expect(await ask()).toEqual(entryOf("ordinary", 1));

    await Promise.all([close(), http.close()]);
    await proxy.close();
    await slapd.stop();
    authorities.remove();
    rmSync(folder, { recursive: true });
  });
});
