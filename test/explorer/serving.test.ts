import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { type ExplorerOptions, registerExplorer } from "../../src/server/explorer.js";

const PAGE = '<link nonce="%NONCE%"><!--CONFIG--><script src="/explorer/x-1.js"></script>';

describe("serving the explorer", () => {
  let assetsDir: string;
  let app: FastifyInstance;

  beforeEach(() => {
    assetsDir = mkdtempSync(join(tmpdir(), "assets-"));
    writeFileSync(join(assetsDir, "index.html"), PAGE);
    writeFileSync(join(assetsDir, "x-1.js"), "one()");
    writeFileSync(join(assetsDir, "x-1.js.gz"), gzipSync("one()"));
    writeFileSync(join(assetsDir, "i-2.svg"), "<svg/>");
    app = Fastify();
  });
  afterEach(async () => {
    await app.close();
    rmSync(assetsDir, { recursive: true });
  });

  const register = (options: Partial<ExplorerOptions> = {}) =>
    registerExplorer(app, { assetsDir, operations: [], graphqlPath: "/graphql", ...options });

  test("the page embeds its settings, and no text in them can close the script element", async () => {
    const operation = {
      id: "01-a",
      title: "</script><b>$& %NONCE%",
      description: "",
      kind: "query" as const,
      query: "{ a }",
      variables: {},
    };
    register({ operations: [operation] });
    const { body, headers } = await app.inject("/");
    const [, json = ""] =
      /<script type="application\/json" id="explorer-config">(.*?)<\/script>/.exec(body) ?? [];
    expect(JSON.parse(json)).toEqual({ operations: [operation], graphqlPath: "/graphql" });
    expect(headers["cache-control"]).toBe("no-store");
  });

  test("the content policy allows only this server, and each response has a new nonce", async () => {
    register();
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const { body, headers } = await app.inject("/");
        const policy = String(headers["content-security-policy"]);
        const [, nonce] = /nonce="([\w-]{22})"/.exec(body) ?? [];
        expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(policy).toContain("default-src 'none'; script-src 'self';");
        expect(policy).not.toMatch(/https?:|\*/);
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test("assets are immutable in caches, and compressed for clients that accept gzip", async () => {
    register();
    const plain = await app.inject("/explorer/x-1.js");
    expect(plain.body).toBe("one()");
    expect(plain.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    const packed = await app.inject({ url: "/explorer/x-1.js", headers: { "accept-encoding": "br, gzip" } });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(packed.rawPayload).toString()).toBe("one()");
    const image = await app.inject({ url: "/explorer/i-2.svg", headers: { "accept-encoding": "gzip" } });
    expect(image.headers["content-type"]).toBe("image/svg+xml");
    expect(image.headers["content-encoding"]).toBeUndefined();
  });

  test.each(["index.html", "x-1.js.gz", "..%2f..%2fpackage.json", "none.js"])(
    "the path %s is no asset and gives 404",
    async (name) => {
      register();
      expect((await app.inject(`/explorer/${name}`)).statusCode).toBe(404);
    },
  );

  test("the page says how to build the explorer when it was not built", async () => {
    const empty = join(assetsDir, "empty");
    mkdirSync(empty);
    register({ assetsDir: empty });
    const response = await app.inject("/");
    expect(response.statusCode).toBe(503);
    expect(response.body).toContain("npm run build");
  });
});
