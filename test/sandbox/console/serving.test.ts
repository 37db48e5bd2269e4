import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { CONSOLE_ASSETS } from "../../../src/sandbox/console/console-assets.js";
import { ConsoleService } from "../../../src/sandbox/console/console-service.js";
import type { SimulatedResponse } from "../../../src/sandbox/http/service.js";
import { startSandbox } from "../../../src/sandbox/index.js";
import { A_WEDNESDAY, FakeClock, send } from "../support/wire.js";

describe("serving the console of the sandbox", () => {
  const folder = mkdtempSync(join(tmpdir(), "console-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "index.html"), '<script src="/console/x-1.js"></script>');
  writeFileSync(join(folder, "x-1.js"), "one()");
  writeFileSync(join(folder, "x-1.js.gz"), gzipSync("one()"));
  writeFileSync(join(folder, "i-2.svg"), "<svg/>");
  writeFileSync(join(folder, "notes.txt"), "private");

  const get = (path: string, headers: Record<string, string> = {}): SimulatedResponse =>
    new ConsoleService(folder).respond({ method: "GET", path, headers });

  it("sends the page with a policy that allows only this origin, and no inline script or style", () => {
    const { status, headers, body } = get("/?any=query");
    expect([status, String(body)]).toEqual([200, '<script src="/console/x-1.js"></script>']);
    const policy = String(headers?.["content-security-policy"]);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  });

  it("sends assets that caches keep, compressed for clients that accept gzip", () => {
    expect(String(get("/console/x-1.js").body)).toBe("one()");
    const packed = get("/console/x-1.js", { "accept-encoding": "br, gzip" });
    expect(packed.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-encoding": "gzip",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    expect(gunzipSync(packed.body as Buffer).toString()).toBe("one()");
    const image = get("/console/i-2.svg", { "accept-encoding": "gzip" });
    expect(image.headers).not.toHaveProperty("content-encoding");
  });

  it.each([
    "/console",
    "/console/",
    "/console/index.html",
    "/console/x-1.js.gz",
    "/console/notes.txt",
    "/console/../console-service.js",
    "/console/..%2f..%2fmain.js",
    "/x-1.js",
  ])("has no file at %s", (path) => {
    expect(get(path).status).toBe(404);
  });

  it("refuses every verb but GET and HEAD", () => {
    const service = new ConsoleService(folder);
    expect(service.respond({ method: "HEAD", path: "/", headers: {} }).status).toBe(200);
    expect(service.respond({ method: "POST", path: "/", headers: {} })).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD" },
    });
  });

  it("finds the files of the package where the build puts them: beside the compiled service", () => {
    expect(relative(join(__dirname, "../../../src"), CONSOLE_ASSETS)).toBe(
      join("sandbox", "console", "assets"),
    );
  });

  it("says how to build the console when it was not built", () => {
    const response = new ConsoleService(join(folder, "absent")).respond({
      method: "GET",
      path: "/",
      headers: {},
    });
    expect(response.status).toBe(503);
    expect(response.body).toContain("npm run build");
  });

  it("is part of the gateway alone, and its requests are not in the journal", async () => {
    const sandbox = await startSandbox({ clock: new FakeClock(A_WEDNESDAY), consoleAssets: folder });
    const { gateway, pds } = sandbox.urls;
    expect((await send(`${gateway}/`)).text).toContain("/console/x-1.js");
    expect((await send(`${gateway}/console/x-1.js`)).text).toBe("one()");
    expect(sandbox.requests).toEqual([]);
    expect((await send(new URL("/", pds).href)).text).not.toContain("/console/");
    await sandbox.close();
  });
});
