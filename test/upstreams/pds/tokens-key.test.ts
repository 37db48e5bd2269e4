import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, readConfig } from "../../../src/platform/config/config.js";
import { readPdsPrivateKey } from "../../../src/platform/config/pds-settings.js";
import { keys } from "./token-service.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spine-graph-key-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CANARY = "canary-of-a-key-file";

function keyFile(name: string, content: KeyObject | string): string {
  const path = join(folder, name);
  const pem = typeof content === "string" ? content : content.export({ type: "pkcs8", format: "pem" });
  writeFileSync(path, pem);
  return path;
}

/** What start-up says of a key file, everything else being right. */
function faultsOf(path: string, PDS_AUTH = "signed-jwt"): readonly string[] {
  try {
    readConfig({
      PDS_AUTH,
      PDS_URL: "http://localhost:1/R4",
      PDS_TOKEN_URL: "http://localhost:1/oauth2/token",
      PDS_API_KEY: "key",
      PDS_KEY_ID: "test-1",
      PDS_PRIVATE_KEY_FILE: path,
    });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

it.each(["signed-jwt", "token-exchange"])("a valid private key starts without an error (%s)", (mode) => {
  expect(faultsOf(keyFile("right.pem", keys.privateKey), mode)).toEqual([]);
});

it("a private key in the older PEM form is accepted", () => {
  const pem = keys.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  expect(readPdsPrivateKey(keyFile("pkcs1.pem", pem))).toMatchObject({ asymmetricKeyType: "rsa" });
});

it.each<[string, () => KeyObject | string, RegExp]>([
  ["too short", () => generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey, /less than 2048 bits/],
  ["of another kind", () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, /no RSA key/],
  ["a public key", () => keys.publicKey.export({ type: "spki", format: "pem" }).toString(), /no private key/],
  [
    "protected by a passphrase",
    () =>
      keys.privateKey
        .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
        .toString(),
    /no private key/,
  ],
  ["no key at all", () => CANARY, /no private key/],
  ["empty", () => "", /no private key/],
])("a key that is %s is told at start-up, without what the file holds", (name, content, words) => {
  const path = keyFile(`${name}.pem`, content());
  const faults = faultsOf(path);
  expect(faults).toEqual([expect.stringMatching(words)]);
  expect(faults.join()).toMatch(/^PDS_PRIVATE_KEY_FILE /);
  expect(faults.join()).not.toContain(CANARY);
  expect(faults.join()).not.toContain(path);
});

it("a missing key file is reported at start-up", () => {
  expect(faultsOf(join(folder, "absent.pem"))).toEqual(["PDS_PRIVATE_KEY_FILE cannot be read"]);
});
