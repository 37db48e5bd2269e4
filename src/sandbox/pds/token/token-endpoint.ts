import { randomBytes } from "node:crypto";
import type { Clock } from "../../../platform/clock.js";
import { Refused, type RequestHead, type SimulatedResponse } from "../../http/service.js";
import { AssertionChecks, type PdsApplication, parseJwt } from "./check-assertion.js";
import { refuseToken } from "./token-outcome.js";

/** Access mode of a token: application-restricted or user-restricted. */
export type TokenMode = "application" | "user";

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

const LIFE_SECONDS = 599;

/** Issues and verifies access tokens (PDS notes, section 3). */
export class TokenEndpoint {
  readonly #checks: AssertionChecks;
  readonly #issued = new Map<string, { readonly mode: TokenMode; readonly endsAt: number }>();

  constructor(
    private readonly clock: Clock,
    application: PdsApplication | undefined,
    tokenUrls: readonly string[],
  ) {
    this.#checks = new AssertionChecks(application, tokenUrls);
  }

  respond({ method, headers }: RequestHead, body: string): SimulatedResponse {
    if (method !== "POST") throw new Refused({ status: 405, headers: { allow: "POST" } });
    // The real endpoint compares the whole value and refuses a charset parameter (PDS notes, 3.2).
    if (headers["content-type"] !== "application/x-www-form-urlencoded") {
      const description = "Content-Type header must be application/x-www-form-urlencoded";
      refuseToken(415, "invalid_request", description);
    }
    const form = new URLSearchParams(body);
    const mode = modeOf(form.get("grant_type"));
    if (form.get("client_assertion_type") !== JWT_BEARER) {
      refuseToken(400, "invalid_request", "Missing or invalid client_assertion_type");
    }
    const now = this.clock.now();
    this.#checks.check(form.get("client_assertion"), now / 1000);
    if (mode === "user") checkSubject(form, now);
    const seconds = lifeSeconds(form.get("_access_token_expiry_ms"));
    const token = randomBytes(21).toString("base64url");
    this.#issued.set(token, { mode, endsAt: now + seconds * 1000 });
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: {
        access_token: token,
        // The real endpoint sends both numbers as strings (PDS notes, 3.4).
        expires_in: String(seconds),
        token_type: "Bearer",
        issued_at: String(now),
        ...(mode === "user" && {
          refresh_token: randomBytes(21).toString("base64url"),
          refresh_token_expires_in: "43199",
          refresh_count: "0",
          issued_token_type: ACCESS_TOKEN,
        }),
      },
    };
  }

  /** The access mode of a token, or undefined when it is unknown or has expired. */
  modeOf(token: string): TokenMode | undefined {
    const issued = this.#issued.get(token);
    return issued && this.clock.now() < issued.endsAt ? issued.mode : undefined;
  }

  /** Revokes all tokens, as a gateway restart does. */
  revokeAll(): void {
    this.#issued.clear();
  }
}

function modeOf(grantType: string | null): TokenMode {
  if (!grantType) refuseToken(400, "invalid_request", "grant_type is missing");
  if (grantType === "client_credentials") return "application";
  if (grantType === TOKEN_EXCHANGE) return "user";
  return refuseToken(400, "unsupported_grant_type", "grant_type is invalid");
}

/** Checks only the form and the expiry of the ID token. The signature is not checked: the sandbox accepts any user. */
function checkSubject(form: URLSearchParams, now: number): void {
  if (form.get("subject_token_type") !== ID_TOKEN) {
    refuseToken(400, "invalid_request", "missing or invalid subject_token_type");
  }
  const [, claims] = parseJwt(form.get("subject_token") ?? "") ?? [];
  if (!claims) refuseToken(400, "invalid_request", "Missing or malformed subject_token");
  if (typeof claims.exp === "number" && claims.exp * 1000 <= now) {
    refuseToken(400, "invalid_request", "subject_token has expired");
  }
}

/** The requested lifetime can only be shorter than the default (PDS notes, 3.2). */
function lifeSeconds(requested: string | null): number {
  const seconds = /^\d+$/.test(requested ?? "") ? Math.floor(Number(requested) / 1000) : LIFE_SECONDS;
  return Math.min(LIFE_SECONDS, seconds);
}
