import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { Client } from "pg";
import { createTestAuthorities, type TestAuthorities } from "../support/certificates.js";
import { describeNeeding } from "../support/needs.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { createPostgresDatabase, type TestDatabase } from "./databases.js";

const REFUSED = { code: "UPSTREAM_UNAVAILABLE", service: "STORE", retryable: true };

const entry = (text = "text") => ({
  text,
  open: true,
  expiresAt: Number.MAX_SAFE_INTEGER,
  slotClaims: [],
});

describeNeeding("postgres", "the settings of a PostgreSQL store", () => {
  let postgres: TestPostgres;
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "spine-graph-settings-"));
    postgres.own(folder);
    database = await createPostgresDatabase(postgres);
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a process never has more connections than DATABASE_POOL_SIZE", async () => {
    const store = await database.open({ poolSize: 2 });
    const queries = Array.from({ length: 40 }, () =>
      store.database.read((on) => on.selectFrom("intents").selectAll().execute()),
    );
    await Promise.all(queries);

    const open = await postgres.query(
      database.url,
      "select pid from pg_stat_activity where application_name = 'spine-graph' and datname = current_database()",
    );
    expect(open).toHaveLength(2);
  });

  test("a lock that another session holds is given up after DATABASE_STATEMENT_TIMEOUT_MS", async () => {
    const store = await database.open({ statementTimeoutMs: 300 });
    const { rows } = await store.database.read((on) => sql`show statement_timeout`.execute(on));
    expect(rows).toEqual([{ statement_timeout: "300ms" }]);
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query("begin");
    await other.query("lock table intents in access exclusive mode");
    const began = performance.now();

    await expect(store.intents.claim("k", entry())).rejects.toMatchObject(REFUSED);
    expect(performance.now() - began).toBeLessThan(5_000);
    await other.query("rollback");
    await other.end();
    expect(await store.intents.claim("k", entry())).toEqual({ kind: "claimed", revision: 1 });
  });

  describe("encryption by sslmode", () => {
    let authorities: TestAuthorities;
    beforeAll(() => {
      authorities = createTestAuthorities();
    });
    afterAll(() => authorities.remove());
    const settings = async (...statements: string[]) => {
      for (const statement of statements) await postgres.query(database.url, statement);
      await postgres.query(database.url, "select pg_reload_conf()");
    };
    afterEach(() => settings("alter system reset all"));

    /** Each new connection is made under the settings that were loaded before it. */
    async function serveTls(name: string): Promise<string> {
      const authority = authorities.found(`authority of ${name} ${folder.slice(-6)}`);
      const { certFile, keyFile } = authority.issue("database", { usage: "serverAuth", names: [name] });
      const [cert, key] = [join(folder, "server.crt"), join(folder, "server.key")];
      copyFileSync(certFile, cert);
      copyFileSync(keyFile, key);
      execFileSync("chmod", ["600", cert, key]);
      for (const path of [cert, key]) postgres.own(path);
      await settings(
        `alter system set ssl_cert_file = '${cert}'`,
        `alter system set ssl_key_file = '${key}'`,
        "alter system set ssl = on",
      );
      return authority.certFile;
    }
    const openWith = (query: string) => database.open({ url: `${database.url}?${query}` });

    test("verify-full with the right authority encrypts every connection", async () => {
      const authority = await serveTls("IP:127.0.0.1");
      const store = await openWith(`sslmode=verify-full&sslrootcert=${authority}`);
      expect(await store.intents.claim("k", entry())).toEqual({ kind: "claimed", revision: 1 });

      const connections = await postgres.query(
        database.url,
        "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'spine-graph' and datname = current_database()",
      );
      expect(connections.length).toBeGreaterThan(0);
      expect(connections).toEqual(connections.map(() => ({ ssl: true })));
    });

    test("a certificate of an authority that is not trusted stops the start", async () => {
      await serveTls("IP:127.0.0.1");
      const other = authorities.found(`stranger ${folder.slice(-6)}`).certFile;
      await expect(openWith(`sslmode=verify-full&sslrootcert=${other}`)).rejects.toMatchObject({
        name: "StoreStartError",
      });
    });

    test("a certificate for another host stops the start", async () => {
      const authority = await serveTls("DNS:other.example");
      await expect(openWith(`sslmode=verify-full&sslrootcert=${authority}`)).rejects.toMatchObject({
        name: "StoreStartError",
        message: expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID"),
      });
    });

    test("a server without TLS is not used in the clear", async () => {
      await expect(openWith("sslmode=verify-full")).rejects.toMatchObject({
        name: "StoreStartError",
        message: expect.stringContaining("does not support SSL"),
      });
    });
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test : test.skip)(
    "a full disk refuses, loses nothing, and works again with room (needs root)",
    async () => {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=14m", "tmpfs", folder]);
      try {
        postgres.own(folder);
        await postgres.query(database.url, `create tablespace small location '${folder}'`);
        await postgres.query(database.url, "create database small_store tablespace small");
        const url = database.url.replace(/[^/]*$/, "small_store");
        const store = await database.open({ url });
        const text = () => randomBytes(60_000).toString("base64");
        const claimed: string[] = [];
        let refusal: unknown;
        for (let index = 0; refusal === undefined && index < 400; index += 1) {
          try {
            await store.intents.claim(`k${index}`, entry(text()));
            claimed.push(`k${index}`);
          } catch (error) {
            refusal = error;
          }
        }
        expect(refusal).toMatchObject({ ...REFUSED, cause: { code: "53100" } });
        expect(claimed.length).toBeGreaterThan(5);
        expect((await store.intents.open()).map(({ key }) => key).sort()).toEqual([...claimed].sort());
        execFileSync("mount", ["-o", "remount,size=64m", folder]);
        expect(await store.intents.claim("with room", entry(text()))).toEqual({
          kind: "claimed",
          revision: 1,
        });
        await store.close();
        await postgres.query(database.url, "drop database small_store");
        await postgres.query(database.url, "drop tablespace small");
      } finally {
        execFileSync("umount", ["--lazy", folder]);
      }
    },
    60_000,
  );
});
