import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createTestAuthorities,
  type TestAuthority,
  type TestCertificate,
} from "../../support/certificates.js";
import { writeTestFile } from "./consumers.js";

export interface LiveSettings {
  /** All that live mode asks for; nobody is at the addresses. */
  readonly environment: Readonly<Record<string, string>>;
  readonly authority: TestAuthority;
  readonly ours: TestCertificate;
  remove(): void;
}

export function createLiveSettings(): LiveSettings {
  const authorities = createTestAuthorities();
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-live-"));
  const authority = authorities.found("Spine");
  const ours = authority.issue("consumer.example", { usage: "clientAuth" });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = writeTestFile("pds.pem", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  return {
    authority,
    ours,
    environment: {
      SPINE_ENV: "live",
      AUTH_ISSUER: "https://login.example/",
      AUTH_AUDIENCE: "spine-graph",
      AUTH_JWKS_URL: "https://127.0.0.1:1/keys",
      PDS_URL: "https://127.0.0.1:1/FHIR/R4",
      PDS_AUTH: "token-exchange",
      PDS_TOKEN_URL: "https://127.0.0.1:1/oauth2/token",
      PDS_API_KEY: "canary-api-key",
      PDS_KEY_ID: "live-1",
      PDS_PRIVATE_KEY_FILE: key.path,
      SDS_URL: "ldaps://127.0.0.1:1",
      SSP_URL: "https://127.0.0.1:1",
      SPINE_PARTY_KEY: "YEA-0000806",
      SPINE_CLIENT_CERT_FILE: ours.certFile,
      SPINE_CLIENT_KEY_FILE: ours.keyFile,
      SPINE_CA_FILE: authority.certFile,
      CONSUMER_ODS_CODE: "T82000",
      CONSUMER_NAME: "Riverside Booking Hub",
      CONSUMER_ASID: "200000000115",
      CONSUMER_PHONE: "0300 000 0000",
      CONSUMER_SYSTEM_URL: "https://consumer.example",
      ID_SIGNING_KEY: "canary-signing-key-of-32-characters-or-more",
      DATABASE_URL: `file:${join(folder, "store.db")}`,
      STORE_KEY: "canary-store-key-of-32-characters-or-more",
    },
    remove() {
      key.remove();
      authorities.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
