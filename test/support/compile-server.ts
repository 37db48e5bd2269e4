import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { transformFileSync } from "@swc/core";

const ROOT = resolve(__dirname, "..", "..");

/** Compiles the server into a folder where node_modules is found, for tests of real processes. Its user removes it. */
export function compileServer(): string {
  mkdirSync(join(ROOT, "var"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "var", "server-"));
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /^(?!explorer|web-ui).*\.ts$/.test(name))) {
    const target = join(folder, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      transformFileSync(join(ROOT, "src", file), { configFile: join(ROOT, ".swcrc") }).code,
    );
  }
  return folder;
}
