import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { Sandbox } from "../../../src/sandbox/index.js";
import { send, type WireResponse } from "../support/wire.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const FORM = "application/x-www-form-urlencoded";

/** A registered application, for the option `pdsApplication`. */
export const APPLICATION = {
  apiKey: "key-of-the-app",
  keyId: "test-1",
  publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A valid client assertion with changes. */
export function assertionOf(
  sandbox: Sandbox,
  nowMs: number,
  claims: object = {},
  header: object = {},
): string {
  const iss = APPLICATION.apiKey;
  const right = { iss, sub: iss, aud: sandbox.pdsTokenUrl, jti: randomUUID(), exp: nowMs / 1000 + 150 };
  const signed = `${part({ alg: "RS512", typ: "JWT", kid: "test-1", ...header })}.${part({ ...right, ...claims })}`;
  return `${signed}.${sign("sha512", Buffer.from(signed), privateKey).toString("base64url")}`;
}

/** Sends a client assertion to the token endpoint. */
export function requestToken(
  sandbox: Sandbox,
  assertion: string,
  changes: Record<string, string> = {},
  contentType = FORM,
): Promise<WireResponse> {
  const form = {
    grant_type: "client_credentials",
    client_assertion_type: JWT_BEARER,
    client_assertion: assertion,
    ...changes,
  };
  const body = new URLSearchParams(form).toString();
  return send(sandbox.pdsTokenUrl, { method: "POST", headers: { "content-type": contentType }, body });
}

/** The Authorization header of an access mode. */
export async function authorisation(
  sandbox: Sandbox,
  nowMs: number,
  mode: "application" | "user",
): Promise<string> {
  const exchange = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    subject_token: `${part({ alg: "RS512" })}.${part({ sub: "user" })}.c2ln`,
  };
  const assertion = assertionOf(sandbox, nowMs);
  const reply = await requestToken(sandbox, assertion, mode === "user" ? exchange : {});
  return `Bearer ${reply.json.access_token}`;
}
