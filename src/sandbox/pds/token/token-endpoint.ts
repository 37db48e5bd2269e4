import { randomBytes } from "node:crypto";
import type { Clock } from "../../../platform/clock.js";
import { type SimulatedResponse, Refused, type RequestHead } from "../../http/service.js";
import { AssertionChecks, type PdsApplication, parseJwt } from "./check-assertion.js";
import { refuseToken } from "./token-outcome.js";

/** What a token lets its bearer do: the application's own, or that of a signed-in user. */
export type TokenMode = "application" | "user";

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

const LIFE_SECONDS = 599;

/** Gives access tokens and knows them again (PDS notes, section 3). */
export class TokenEndpoint {
  readonly #checks: AssertionChecks;
  readonly #issued = new Map<string, { readonly mode: TokenMode; readonly endsAt: number }>();

  constructor(
    private readonly clock: Clock,
    application: PdsApplication | undefined,
    tokenUrl: string,
  ) {
    this.#checks = new AssertionChecks(application, tokenUrl);
  }

  answer({ method, headers }: RequestHead, body: string): SimulatedResponse {
    if (method !== "POST") throw new Refused({ status: 405, headers: { allow: "POST" } });
    // Letter by letter: with a charset behind it, it is another (PDS notes, 3.2).
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
        // Texts, both of them (PDS notes, 3.4).
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

  /** What a bearer may do; undefined for a token that is not ours, or over. */
  modeOf(token: string): TokenMode | undefined {
    const issued = this.#issued.get(token);
    return issued && this.clock.now() < issued.endsAt ? issued.mode : undefined;
  }

  /** All tokens cease to be known, as when a gateway restarts. */
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

/** Anybody may sign in here; only the form and the end of the ID token are judged. */
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

/** The life can only be shortened (PDS notes, 3.2). */
function lifeSeconds(asked: string | null): number {
  const seconds = /^\d+$/.test(asked ?? "") ? Math.floor(Number(asked) / 1000) : LIFE_SECONDS;
  return Math.min(LIFE_SECONDS, seconds);
}
