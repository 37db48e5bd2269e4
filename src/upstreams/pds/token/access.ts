import type { CallContext } from "../../call-context.js";
import { AccessTokens, type IssueToken } from "./access-tokens.js";
import { readIdToken } from "./id-token.js";
import { requestToken, type TokenEndpointOptions } from "./request-token.js";

/** What one request to PDS carries to be let in. */
export interface PdsCredentials {
  readonly headers: Readonly<Record<string, string>>;
  /** To be called when PDS refused them: the next will be fresh. */
  drop(): void;
}

/**
 * How we come to PDS. The mode is a property of the token, and decides what may be asked (PDS notes, section 2):
 * `application`, for work that no health worker's screen waits for, finds one patient or none; `user`, for a person
 * who has signed in, may find several.
 */
export interface PdsAccess {
  readonly mode: "application" | "user";
  /**
   * Fetches a token when there is none.
   *
   * @throws UpstreamError of service PDS when the token endpoint gives none.
   * @throws UnauthenticatedError in user mode, when the caller sent no usable ID token.
   */
  credentials(context: CallContext): Promise<PdsCredentials>;
}

/** The client's own token has one owner. */
const APPLICATION = "application";

const CLIENT_CREDENTIALS = { grant_type: "client_credentials" };
const TOKEN_EXCHANGE = {
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
};

/** Application-restricted access: a signed JWT for a token that all callers share (PDS notes, 3.2 to 3.6). */
export function createApplicationAccess(options: TokenEndpointOptions): PdsAccess {
  const tokens = new AccessTokens({ clock: options.clock, service: "PDS" });
  const issue: IssueToken = (context) => requestToken(options, CLIENT_CREDENTIALS, context);
  return {
    mode: "application",
    // The gateway removes a session's role in this mode, so none is sent.
    credentials: (context) => credentials(tokens, APPLICATION, context, issue),
  };
}

/** User-restricted access by the separate pattern: each caller's ID token is exchanged (PDS notes, 3.7). */
export function createUserAccess(options: TokenEndpointOptions): PdsAccess {
  const tokens = new AccessTokens({ clock: options.clock, service: "PDS" });
  return {
    mode: "user",
    async credentials(context) {
      const { idToken, owner, notBeyond } = readIdToken(context);
      const issue: IssueToken = async (asking) => {
        const grant = { ...TOKEN_EXCHANGE, subject_token: idToken.reveal() };
        return { ...(await requestToken(options, grant, asking)), notBeyond };
      };
      return credentials(tokens, owner, context, issue, sessionRole(context));
    },
  };
}

async function credentials(
  tokens: AccessTokens,
  owner: string,
  context: CallContext,
  issue: IssueToken,
  further: Readonly<Record<string, string>> = {},
): Promise<PdsCredentials> {
  const token = await tokens.get(owner, context, issue);
  return {
    headers: { Authorization: `Bearer ${token.reveal()}`, ...further },
    drop: () => tokens.drop(owner, token),
  };
}

/** The role in which somebody with several acts. PDS takes digits only (PDS notes, section 4). */
function sessionRole({ caller }: CallContext): Record<string, string> {
  const { sdsRoleProfileId = "" } = caller.person;
  return /^[0-9]+$/.test(sdsRoleProfileId) ? { "NHSD-Session-URID": sdsRoleProfileId } : {};
}
